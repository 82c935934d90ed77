// The error codes of the storage library and the result type its functions return.
#pragma once

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <type_traits>

namespace connectd::storage {

enum class errc {
    // A guard of the batch did not hold at its turn; nothing of the batch was written.
    guard_failed = 1,
    // A key, a value or the whole batch is larger than a store takes (write_batch.hpp); nothing was written.
    limit_exceeded,
    // A write or a sync failed, now or earlier. The store takes no more writes until it is opened again. A
    // batch that was
    // under way at that moment is, after the reopening, there as a whole or not at all.
    store_failed,
    // The store has been closed.
    store_closed,
    // The store could not read the row.
    read_failed,
    // A stored value is not one that this library writes: damaged, or cut short.
    corrupt_record,
    // A paging cursor that does not belong to the list it was given to.
    invalid_cursor,
    // The data was written by a newer connectd; opening changed nothing.
    schema_too_new,
    // Another process has the store open.
    store_locked,
    // There is no store in the folder, and none was to be made.
    store_missing,
    // The store in the folder could not be opened for any other reason.
    open_failed,
};

boost::system::error_category const& error_category() noexcept;

boost::system::error_code make_error_code(errc code) noexcept;

template <class T>
using result = boost::system::result<T>;

// Why a store did not open: the code to branch on, and one sentence for the operator that names the folder.
struct open_failure {
    boost::system::error_code code;
    std::string message;
};

// Lets `value()` of a result that holds an open_failure throw the code and the sentence as a system_error.
[[noreturn]] void throw_exception_from_error(open_failure const& failure,
                                             boost::source_location const& where);

} // namespace connectd::storage

template <>
struct boost::system::is_error_code_enum<connectd::storage::errc> : std::true_type {};

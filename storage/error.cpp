#include "storage/error.hpp"

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

namespace connectd::storage {
namespace {

class category final : public boost::system::error_category {
  public:
    char const* name() const noexcept override { return "connectd.storage"; }

    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
        case errc::guard_failed:
            return "the row changed since it was read, or exists already";
        case errc::limit_exceeded:
            return "a key, a value or the batch is too large for the store";
        case errc::store_failed:
            return "the store takes no more writes because one failed";
        case errc::store_closed:
            return "the store is closed";
        case errc::read_failed:
            return "the store could not be read";
        case errc::corrupt_record:
            return "a stored record is damaged";
        case errc::invalid_cursor:
            return "the cursor does not belong to this list";
        case errc::schema_too_new:
            return "the data was written by a newer version";
        case errc::store_locked:
            return "another process has the store open";
        case errc::store_missing:
            return "there is no store in the folder";
        case errc::open_failed:
            return "the store could not be opened";
        }
        return "unknown storage error";
    }
};

} // namespace

boost::system::error_category const& error_category() noexcept {
    static category const instance;
    return instance;
}

boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

void throw_exception_from_error(open_failure const& failure, boost::source_location const& where) {
    boost::throw_exception(boost::system::system_error(failure.code, failure.message), where);
}

} // namespace connectd::storage

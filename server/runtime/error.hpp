#pragma once

// The errors of the runtime helpers. They say that a wait or a piece of work did not run to its end, never
// what it was about: the caller knows that and turns the code into an answer. Usable from any thread.

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <type_traits>

namespace connectd::server::runtime {

enum class errc {
    timed_out = 1, // the deadline passed before the operation ended; it was cancelled
    queue_full,    // the work was refused at once, because too much of it waits already
    stopped,       // shutting down: the work was not begun
};

boost::system::error_category const& runtime_category() noexcept;

boost::system::error_code make_error_code(errc code) noexcept;

template <class T>
using result = boost::system::result<T>;

namespace detail {

// T, or what is in it when T is a result: what adds a reason for failure of its own does not nest the two.
template <class T>
struct unnested {
    using type = T;
};
template <class T>
struct unnested<boost::system::result<T>> {
    using type = T;
};

} // namespace detail

} // namespace connectd::server::runtime

template <>
struct boost::system::is_error_code_enum<connectd::server::runtime::errc> : std::true_type {};

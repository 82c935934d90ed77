// The completion token for socket and timer operations that are expected to fail:
// `auto const [error, size] = co_await socket.async_read_some(room, use_tuple);`
#pragma once

#include "platforms/task.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace connectd::platforms::http {

inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<executor>> use_tuple{
    boost::asio::use_awaitable_t<executor>{}};

} // namespace connectd::platforms::http

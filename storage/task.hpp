// The one coroutine type of this library.
//
// The executor is concrete, not type-erased: every coroutine of the server runs on the io_context of one
// thread, and a known executor type keeps each suspension free of an allocation and an indirect call.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace connectd::storage {

template <class T>
using task = boost::asio::awaitable<T, boost::asio::io_context::executor_type>;

} // namespace connectd::storage

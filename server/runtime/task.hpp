#pragma once

// The coroutine type of the server and the few Asio types that go with it, all over one concrete executor:
// type erasure costs a third of the throughput. Every context runs on one thread, so a coroutine never
// changes threads and what one thread owns needs no lock.
//
// Coroutines are named functions that take owned values, or references to things that outlive them.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace connectd::server::runtime {

using executor = boost::asio::io_context::executor_type;

template <class T>
using task = boost::asio::awaitable<T, executor>;

using use_task_t = boost::asio::use_awaitable_t<executor>;

// Completion token for operations whose failure is a broken invariant: throws boost::system::system_error.
inline constexpr use_task_t use_task{};

// Completion token for operations that are expected to fail: `auto [error, size] = co_await ...`.
inline constexpr boost::asio::as_tuple_t<use_task_t> use_tuple{use_task};

using steady_time = std::chrono::steady_clock::time_point;

using timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

} // namespace connectd::server::runtime

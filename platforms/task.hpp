// The coroutine type of this layer. Its executor is the concrete one of io_context, so that awaiting costs no
// type erasure; storage and the server use the very same type under their own alias.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>

namespace connectd::platforms {

using executor = boost::asio::io_context::executor_type;

// Runs on the io_context it was spawned on and never leaves that thread.
template <class T>
using task = boost::asio::awaitable<T, executor>;

// Absolute time by which an operation gives up. Handed down unchanged, so that nested steps share one budget.
using deadline = std::chrono::steady_clock::time_point;

} // namespace connectd::platforms

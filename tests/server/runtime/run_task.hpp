#pragma once

// Runs coroutines of a test to their end on a context of its own thread.

#include "server/runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace connectd::server::runtime {

// Runs `context` until it has nothing to do; what `work` threw is thrown here. Throws std::logic_error when
// `work` is still waiting by then.
inline void run_task(boost::asio::io_context& context, task<void> work) {
    std::optional<std::exception_ptr> ended;
    boost::asio::co_spawn(context, std::move(work),
                          [&ended](std::exception_ptr failure) { ended = failure; });
    context.restart();
    while (!ended && context.run_one() != 0) {
    }
    if (!ended) {
        throw std::logic_error{"the task waits for something that never happens"};
    }
    if (*ended) {
        std::rethrow_exception(*ended);
    }
}

template <class T>
task<void> store_value(task<T> work, std::optional<T>& value) {
    value.emplace(co_await std::move(work));
}

template <class T>
T run_task(boost::asio::io_context& context, task<T> work) {
    std::optional<T> value;
    run_task(context, store_value<T>(std::move(work), value));
    return std::move(*value);
}

} // namespace connectd::server::runtime

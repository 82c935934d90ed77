// Runs one coroutine to its end on the calling thread, with an event loop of its own: for start-up and for
// commands, which have no loop yet. Not for a thread that runs one.
#pragma once

#include "server/runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace connectd::server {

// Throws what the coroutine throws.
template <class T>
T run_now(runtime::task<T> work) {
    boost::asio::io_context context{1};
    auto const guard = boost::asio::make_work_guard(context);
    std::exception_ptr thrown;
    std::optional<T> value;
    boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr error, T answer) {
        thrown = std::move(error);
        value.emplace(std::move(answer));
        context.stop();
    });
    context.run();
    if (thrown) {
        std::rethrow_exception(thrown);
    }
    return std::move(*value);
}

} // namespace connectd::server

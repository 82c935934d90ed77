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

// Throws what the coroutine throws. Requires: nobody else runs `context`, and it outlives every store that
// the coroutine commits to: a commit writer may still be leaving `post` when the coroutine has ended already.
template <class T>
T run_now(boost::asio::io_context& context, runtime::task<T> work) {
    context.restart();
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

// Runs coroutines of any layer to their end on an io_context, from a test. One thread.
//
// What Asio needs to start a coroutine is a second of compile time for each type of answer, so it is
// instantiated once, for coroutines without one (run_task.cpp).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace connectd::tests {

template <class T>
using task = boost::asio::awaitable<T, boost::asio::io_context::executor_type>;

// A coroutine that was started, whatever it answers.
struct started_task {
    bool finished = false;
    std::exception_ptr thrown{};
    boost::asio::cancellation_signal cancel{};
};

// A coroutine under way, and what it came to.
template <class T>
struct running : started_task {
    std::optional<T> value{};

    // What it answered, or throws what it threw. Requires: finished.
    T& get() {
        if (thrown)
            std::rethrow_exception(thrown);
        return value.value();
    }
};

void start(boost::asio::io_context& context, task<void> what, std::shared_ptr<started_task> state);

// Runs the context until that coroutine has ended. Throws std::logic_error when it waits for nothing.
void finish(boost::asio::io_context& context, started_task const& state);

template <class T>
task<void> keep_value(task<T> what, running<T>* state) {
    state->value.emplace(co_await std::move(what));
}

template <class T>
std::shared_ptr<running<T>> start(boost::asio::io_context& context, task<T> what) {
    auto state = std::make_shared<running<T>>();
    start(context, keep_value<T>(std::move(what), state.get()), state);
    return state;
}

// Returns the coroutine's value, or throws what it threw.
template <class T>
T finish(boost::asio::io_context& context, std::shared_ptr<running<T>> const& state) {
    finish(context, *state);
    return std::move(state->get());
}

template <class T>
T run(boost::asio::io_context& context, task<T> what) {
    return finish(context, start(context, std::move(what)));
}

} // namespace connectd::tests

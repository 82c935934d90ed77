// Runs coroutines of any layer to their end on an io_context, from a test. One thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace connectd::tests {

// A coroutine under way, and what it came to.
template <class T>
struct running {
    std::optional<T> value;
    std::exception_ptr thrown;
    boost::asio::cancellation_signal cancel;

    bool finished() const { return value || thrown; }
};

template <class T>
std::shared_ptr<running<T>> start(boost::asio::io_context& context,
                                  boost::asio::awaitable<T, boost::asio::io_context::executor_type> what) {
    auto state = std::make_shared<running<T>>();
    boost::asio::co_spawn(context.get_executor(), std::move(what),
                          boost::asio::bind_cancellation_slot(state->cancel.slot(),
                                                              [state](std::exception_ptr thrown, T value) {
                                                                  state->thrown = thrown;
                                                                  if (!thrown) {
                                                                      state->value.emplace(std::move(value));
                                                                  }
                                                              }));
    return state;
}

// Runs the context until that coroutine has ended and returns its value, or throws what it threw.
template <class T>
T finish(boost::asio::io_context& context, std::shared_ptr<running<T>> const& state) {
    while (!state->finished()) {
        context.restart();
        if (context.run_one() == 0) {
            throw std::logic_error("the coroutine waits for nothing");
        }
    }
    if (state->thrown) {
        std::rethrow_exception(state->thrown);
    }
    return std::move(*state->value);
}

template <class T>
T run(boost::asio::io_context& context,
      boost::asio::awaitable<T, boost::asio::io_context::executor_type> what) {
    return finish(context, start(context, std::move(what)));
}

} // namespace connectd::tests

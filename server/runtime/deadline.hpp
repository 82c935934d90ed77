#pragma once

// Deadlines for whatever waits, in two strengths. Boost 1.81 has no cancel_after.
//
// `watchdog`: one object a connection, for hot paths. It is told the current deadline and calls one function
// (usually: cancel or close the socket) when that passes. Moving a deadline further away, which is what every
// request on a kept connection does, costs two stores.
//
// `with_deadline`: for anything awaitable. Runs the operation as a child coroutine and cancels it at the
// deadline; costs one spawned coroutine and one timer, about a microsecond of CPU. Returns only when the
// operation has really ended, so what it refers to may live in the caller. Works with everything that honours
// Asio's terminal cancellation (sockets, timers, resolvers, Beast streams); afterwards a stream it was
// cancelled on is in an unknown state and must be closed.
//
// Everything here is used on the thread of its executor.

#include "server/runtime/error.hpp"
#include "server/runtime/task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace connectd::server::runtime {

class watchdog {
  public:
    // `on_expiry` is called on the executor's thread, at most once for each `expires_at`, never after
    // destruction.
    watchdog(executor context, std::function<void()> on_expiry);
    watchdog(watchdog const&) = delete;
    watchdog& operator=(watchdog const&) = delete;
    ~watchdog();

    // Replaces the current deadline. One that has passed already fires on the next turn of the loop.
    void expires_at(steady_time deadline);

    // No deadline until the next `expires_at`.
    void disarm() noexcept;

    // Whether the current deadline has fired. Reset by `expires_at` and `disarm`.
    bool expired() const noexcept;

  private:
    struct state;
    std::shared_ptr<state>
        state_; // shared with the timer's handler, which may be queued when the watchdog goes
};

// Suspends until `when`. Throws system_error(operation_aborted) when cancelled.
task<void> wait_until(steady_time when);

namespace detail {

// Stores the answer in the frame of the one who waits, so that T need not be default constructible.
template <class T>
task<void> store_answer(task<T> operation, std::optional<T>& answer) {
    answer.emplace(co_await std::move(operation));
}

// Cancels the child at the deadline and passes on a cancellation of the parent. Lives in the frame of
// `with_deadline`.
class deadline_scope {
  public:
    deadline_scope(executor context, steady_time deadline, boost::asio::cancellation_slot parent);
    deadline_scope(deadline_scope const&) = delete;
    deadline_scope& operator=(deadline_scope const&) = delete;
    ~deadline_scope();

    boost::asio::cancellation_slot child() noexcept;
    bool expired() const noexcept;

  private:
    struct state;
    std::shared_ptr<state> state_; // shared with the timer's handler
    boost::asio::cancellation_slot parent_;
};

} // namespace detail

// Runs `operation` until `deadline`. A result of the operation is passed on, an exception too.
// errc::timed_out when the deadline passed and the operation ended with an error or a system_error; a value
// that came in the last moment is kept. For an operation that returns a result<T> the answer is a result<T>,
// not a nested one.
template <class T>
task<result<typename detail::unnested<T>::type>> with_deadline(task<T> operation, steady_time deadline) {
    using boost::asio::bind_cancellation_slot;
    using boost::asio::co_spawn;
    using answer_type = result<typename detail::unnested<T>::type>;
    auto const context = co_await boost::asio::this_coro::executor;
    auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
    detail::deadline_scope scope{context, deadline, cancellation.slot()};
    try {
        if constexpr (std::is_void_v<T>) {
            co_await co_spawn(context, std::move(operation), bind_cancellation_slot(scope.child(), use_task));
            co_return answer_type{};
        } else {
            std::optional<T> value;
            co_await co_spawn(context, detail::store_answer<T>(std::move(operation), value),
                              bind_cancellation_slot(scope.child(), use_task));
            answer_type answer{std::move(*value)};
            if (answer.has_error() && scope.expired()) {
                co_return errc::timed_out;
            }
            co_return answer;
        }
    } catch (boost::system::system_error const&) {
        if (!scope.expired()) {
            throw;
        }
    }
    co_return errc::timed_out;
}

} // namespace connectd::server::runtime

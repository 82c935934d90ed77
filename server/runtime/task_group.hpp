#pragma once

// Owns work that runs beside the coroutine that began it: connections, background jobs, and what must finish
// once begun although its request went away. The only place that starts detached coroutines.
//
// A group belongs to one io_context; its tasks run there. `spawn`, `close`, `cancel` and the counts may be
// used from any thread, `run` on any context, `join` on the group's own, `join_blocking` from any thread that
// does not run that context. An exception that leaves a task is logged with the task's name and counted; it
// ends that task and nothing else.
//
// Requires: the context outlives the group; whatever the tasks refer to outlives their end, so an owner joins
// the group before it lets go of anything.

#include "server/runtime/error.hpp"
#include "server/runtime/task.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace connectd::server::runtime {

class task_group {
  public:
    task_group(executor context, std::string name);
    task_group(task_group const&) = delete;
    task_group& operator=(task_group const&) = delete;
    // Requires: joined, or the context will not run again. Tasks still there are cancelled.
    ~task_group();

    // Starts `work`; `name` appears in the log if it throws. False when the group is closed: the work was not
    // begun.
    bool spawn(std::string name, task<void> work);

    // Runs `work` as a task of this group and waits for its end on the caller's context, which may be another
    // one and then outlives the group. When the waiting coroutine is cancelled or dies, the work goes on.
    // Throws what the work throws; errc::stopped (as system_error) when the group is closed.
    template <class T>
    task<T> run(std::string name, task<T> work);

    // From now on `spawn` refuses. Tasks that run go on.
    void close() noexcept;

    // Closes the group and asks every running task to stop (terminal cancellation of what it waits for).
    void cancel();

    // Waits until no task is left. False when the deadline came first; the tasks are left alone, so that the
    // caller can cancel and join again.
    task<bool> join(steady_time deadline);
    bool join_blocking(steady_time deadline);

    std::size_t running() const noexcept;
    // Tasks that ended with an exception other than having been cancelled.
    std::uint64_t failed() const noexcept;

  private:
    struct state;
    struct joiner;
    std::shared_ptr<state>
        state_; // shared with the completion of each task, which may come after the group is gone
    executor executor_;
};

namespace detail {

// What a task of `run` leaves for the one that waits. Shared by both, because either may go first. The timer
// and `ended` belong to the context of the one that waits.
template <class T>
struct run_outcome {
    explicit run_outcome(executor context) : done{context, timer::time_point::max()} {}

    timer done; // cancelled when the work has ended
    bool ended = false;
    std::exception_ptr failure{};
    std::conditional_t<std::is_void_v<T>, bool, std::optional<T>> value{};
};

template <class T>
task<void> run_and_tell(std::shared_ptr<run_outcome<T>> outcome, task<T> work) {
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(work);
        } else {
            outcome->value = co_await std::move(work);
        }
    } catch (...) {
        outcome->failure = std::current_exception();
    }
    auto const home = outcome->done.get_executor();
    boost::asio::dispatch(home, [outcome = std::move(outcome)] {
        outcome->ended = true;
        outcome->done.cancel();
    });
}

} // namespace detail

template <class T>
task<T> task_group::run(std::string name, task<T> work) {
    auto const outcome = std::make_shared<detail::run_outcome<T>>(co_await boost::asio::this_coro::executor);
    if (!spawn(std::move(name), detail::run_and_tell<T>(outcome, std::move(work)))) {
        throw boost::system::system_error{make_error_code(errc::stopped)};
    }
    if (!outcome->ended) {
        auto [error] = co_await outcome->done.async_wait(use_tuple);
        if (!outcome->ended) {
            throw boost::system::system_error{error};
        }
    }
    if (outcome->failure) {
        std::rethrow_exception(outcome->failure);
    }
    if constexpr (!std::is_void_v<T>) {
        co_return std::move(*outcome->value);
    }
}

} // namespace connectd::server::runtime

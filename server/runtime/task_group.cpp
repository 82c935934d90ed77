#include "server/runtime/task_group.hpp"

#include "server/runtime/clock.hpp"
#include "server/runtime/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>

namespace connectd::server::runtime {

namespace asio = boost::asio;

struct task_group::state : std::enable_shared_from_this<state> {
    struct entry {
        explicit entry(std::string task_name) : name{std::move(task_name)} {}

        std::string const name;
        asio::cancellation_signal signal{};
    };

    state(executor runs_on, std::string group_name) : context{runs_on}, name{std::move(group_name)} {}

    void start(std::string task_name, task<void> work);
    void end(std::list<entry>::iterator ended, std::exception_ptr failure) noexcept;
    void leave() noexcept;
    void cancel_all();

    executor context;
    std::string const name;
    // Used on the context's thread only.
    std::list<entry> tasks{};
    std::list<timer*> joiners{};
    bool cancelled = false;
    // Shared by threads.
    std::mutex mutex{};
    std::condition_variable empty{};
    std::size_t running = 0; // guarded by `mutex`
    bool closed = false;     // guarded by `mutex`
    std::atomic<std::uint64_t> failed{0};
};

void task_group::state::start(std::string task_name, task<void> work) {
    auto const place = tasks.emplace(tasks.end(), std::move(task_name));
    asio::co_spawn(context, std::move(work),
                   asio::bind_cancellation_slot(
                       place->signal.slot(), [self = shared_from_this(), place](std::exception_ptr failure) {
                           self->end(place, std::move(failure));
                       }));
    if (cancelled) {
        place->signal.emit(asio::cancellation_type::terminal);
    }
}

void task_group::state::end(std::list<entry>::iterator ended, std::exception_ptr failure) noexcept {
    if (failure) {
        try {
            std::rethrow_exception(failure);
        } catch (boost::system::system_error const& error) {
            if (error.code() != asio::error::operation_aborted) {
                failed.fetch_add(1, std::memory_order_relaxed);
                log::error("task failed", {{"group", name}, {"task", ended->name}, {"error", error.what()}});
            }
        } catch (std::exception const& error) {
            failed.fetch_add(1, std::memory_order_relaxed);
            log::error("task failed", {{"group", name}, {"task", ended->name}, {"error", error.what()}});
        } catch (...) {
            failed.fetch_add(1, std::memory_order_relaxed);
            log::error("task failed",
                       {{"group", name}, {"task", ended->name}, {"error", "unknown exception"}});
        }
    }
    tasks.erase(ended);
    leave();
}

void task_group::state::leave() noexcept {
    {
        std::lock_guard const lock{mutex};
        if (--running != 0) {
            return;
        }
        empty.notify_all();
    }
    for (auto* const joiner : joiners) {
        joiner->cancel();
    }
}

void task_group::state::cancel_all() {
    cancelled = true;
    // Tasks do not end inside the call: what they wait for completes through the context's queue.
    for (auto& each : tasks) {
        each.signal.emit(asio::cancellation_type::terminal);
    }
}

// One coroutine in `join`, known to the group however it ends.
struct task_group::joiner {
    joiner(std::shared_ptr<state> of, steady_time deadline)
        : wake{of->context, deadline},
          group{std::move(of)},
          place{group->joiners.insert(group->joiners.end(), &wake)} {}
    joiner(joiner const&) = delete;
    joiner& operator=(joiner const&) = delete;
    ~joiner() { group->joiners.erase(place); }

    timer wake;
    std::shared_ptr<state> group;
    std::list<timer*>::iterator place;
};

task_group::task_group(executor context, std::string name)
    : state_{std::make_shared<state>(context, std::move(name))}, executor_{context} {}

task_group::~task_group() {
    cancel();
}

bool task_group::spawn(std::string name, task<void> work) {
    {
        std::lock_guard const lock{state_->mutex};
        if (state_->closed) {
            return false;
        }
        ++state_->running;
    }
    asio::dispatch(executor_, [self = state_, name = std::move(name), work = std::move(work)]() mutable {
        self->start(std::move(name), std::move(work));
    });
    return true;
}

void task_group::close() noexcept {
    std::lock_guard const lock{state_->mutex};
    state_->closed = true;
}

void task_group::cancel() {
    close();
    if (running() == 0) {
        return;
    }
    // Posted even on the own thread: the one who cancels may itself be a task of the group.
    asio::post(executor_, [self = state_] { self->cancel_all(); });
}

task<bool> task_group::join(steady_time deadline) {
    joiner waiting{state_, deadline};
    while (running() != 0 && steady_now() < deadline) {
        // Woken by the deadline or by the end of the last task, after which another may have been spawned.
        co_await waiting.wake.async_wait(use_tuple);
    }
    co_return running() == 0;
}

bool task_group::join_blocking(steady_time deadline) {
    std::unique_lock lock{state_->mutex};
    return state_->empty.wait_until(lock, deadline, [this] { return state_->running == 0; });
}

std::size_t task_group::running() const noexcept {
    std::lock_guard const lock{state_->mutex};
    return state_->running;
}

std::uint64_t task_group::failed() const noexcept {
    return state_->failed.load(std::memory_order_relaxed);
}

} // namespace connectd::server::runtime

#include "server/runtime/offload.hpp"

#include "server/runtime/clock.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include <pthread.h>

namespace connectd::server::runtime {

struct offload::state {
    explicit state(options wanted) : chosen{std::move(wanted)} {}

    void work();

    options const chosen;
    std::mutex mutex{};
    std::condition_variable changed{};
    std::deque<std::unique_ptr<detail::offload_job>> queue{}; // guarded by `mutex`
    std::size_t busy = 0;                                     // guarded by `mutex`
    bool closed = false;                                      // guarded by `mutex`
    std::mutex drain_mutex{};                                 // one drain at a time
    std::vector<std::thread> threads{};
};

void offload::state::work() {
    std::unique_lock lock{mutex};
    while (true) {
        changed.wait(lock, [this] { return closed || !queue.empty(); });
        if (queue.empty()) {
            return;
        }
        auto job = std::move(queue.front());
        queue.pop_front();
        ++busy;
        lock.unlock();
        job->execute();
        job.reset();
        lock.lock();
        --busy;
        if (closed) {
            changed.notify_all();
        }
    }
}

offload::offload(options chosen) : state_{std::make_unique<state>(std::move(chosen))} {
    try {
        for (std::size_t index = 0; index < state_->chosen.threads; ++index) {
            auto& thread = state_->threads.emplace_back([shared = state_.get()] { shared->work(); });
            // The kernel keeps 15 characters.
            auto const name = state_->chosen.name.substr(0, 12) + "-" + std::to_string(index % 100);
            ::pthread_setname_np(thread.native_handle(), name.c_str());
        }
    } catch (...) {
        drain(steady_now());
        throw;
    }
}

offload::~offload() {
    drain(steady_now());
}

void offload::submit(std::unique_ptr<detail::offload_job> job) noexcept {
    errc refusal{};
    {
        std::lock_guard const lock{state_->mutex};
        if (state_->closed) {
            refusal = errc::stopped;
        } else if (state_->queue.size() >= state_->chosen.queue_limit) {
            refusal = errc::queue_full;
        } else {
            state_->queue.push_back(std::move(job));
        }
    }
    if (job) {
        job->refuse(refusal);
    } else {
        state_->changed.notify_one();
    }
}

void offload::drain(steady_time deadline) {
    std::lock_guard const only_one{state_->drain_mutex};
    std::deque<std::unique_ptr<detail::offload_job>> abandoned;
    {
        std::unique_lock lock{state_->mutex};
        state_->closed = true;
        state_->changed.notify_all();
        state_->changed.wait_until(lock, deadline,
                                   [this] { return state_->queue.empty() && state_->busy == 0; });
        abandoned.swap(state_->queue);
    }
    for (auto const& job : abandoned) {
        job->refuse(errc::stopped);
    }
    for (auto& thread : state_->threads) {
        thread.join();
    }
    state_->threads.clear();
}

std::size_t offload::waiting() const {
    std::lock_guard const lock{state_->mutex};
    return state_->queue.size();
}

} // namespace connectd::server::runtime

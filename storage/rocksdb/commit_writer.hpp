// The one thread that writes: it takes the batches that wait, checks their guards, writes and syncs them as
// one group, and completes them.
//
// The sync is what costs, and it costs the same for one batch and for a hundred: while one group is being
// synced, the next one gathers. A coroutine that waits is resumed on its own io_context, by one posted
// function per group and io_context.
//
// Threads: commit, writable, failure, fail and figures from any thread; close and the destructor from one
// that is not the writer's. Ownership: a waiting coroutine belongs to the writer until it is handed to its
// io_context; close completes all of them, so none is left. The io_contexts must exist until close has
// returned.
#pragma once

#include "storage/rocksdb/commit_group.hpp"
#include "storage/task.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace connectd::storage {

// How much may be queued before callers wait for room; also the most that goes into one group.
struct commit_limits {
    std::size_t batches = 1024;
    std::size_t bytes = 8 * 1024 * 1024;
};

// Counts since the start, for metrics and benches.
struct commit_figures {
    std::uint64_t groups = 0;
    std::uint64_t batches_written = 0;
    std::uint64_t batches_refused = 0;
};

class commit_writer {
  public:
    commit_writer(commit_sink sink, commit_limits limits, std::uint64_t last_version);
    ~commit_writer();

    commit_writer(commit_writer const&) = delete;
    commit_writer& operator=(commit_writer const&) = delete;

    // kv::commit.
    task<result<std::uint64_t>> commit(write_batch batch);

    bool writable() const noexcept { return !failed_ && !closing_; }
    std::string failure() const;

    // Stops all later writes, as a failed sync does. The first reason stays.
    void fail(std::string reason);

    // Refuses new batches, writes those that wait, and ends the thread. Calling it again does nothing.
    void close();

    commit_figures figures() const noexcept;

  private:
    class waiter;
    template <class Handler>
    class waiter_of;
    class delivery;
    using waiter_ptr = std::unique_ptr<waiter>;

    void enqueue(waiter_ptr incoming);
    void withdraw(std::uint64_t ticket);
    bool has_room_for(waiter const& incoming) const;
    void push(waiter_ptr incoming);

    void run();
    bool take(std::vector<waiter_ptr>& group);
    void settle(std::vector<waiter_ptr>& group);
    void write(std::vector<waiter_ptr>& group);
    static void deliver(std::vector<waiter_ptr>& group);

    commit_sink const sink_;
    commit_limits const limits_;
    std::uint64_t last_version_; // touched by the writer's thread only

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<waiter_ptr> queue_;
    std::size_t queued_bytes_ = 0;
    std::deque<waiter_ptr> waiting_for_room_;
    std::uint64_t next_ticket_ = 0;
    std::string failure_;
    // Written under the mutex; atomic so that readiness can look without it.
    std::atomic<bool> failed_ = false;
    std::atomic<bool> closing_ = false;

    std::atomic<std::uint64_t> groups_ = 0;
    std::atomic<std::uint64_t> batches_written_ = 0;
    std::atomic<std::uint64_t> batches_refused_ = 0;

    std::thread thread_;
};

} // namespace connectd::storage

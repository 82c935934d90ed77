// A commit sink in memory whose writes a test can hold back and make fail: the writer's logic without a disk.
#pragma once

#include "storage/rocksdb/commit_writer.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace connectd::storage::testing {

class pretend_sink {
  public:
    commit_sink sink() {
        return {[this](family where, std::string_view key) { return version_of(where, key); },
                [this](std::span<accepted_batch const> group) { return write(group); }};
    }

    // The next write waits inside the sink until release().
    void hold() {
        std::scoped_lock const lock(mutex_);
        held_ = true;
    }
    void release() {
        std::scoped_lock const lock(mutex_);
        held_ = false;
        changed_.notify_all();
    }
    // Waits until a write is being held.
    void wait_until_held() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return inside_; });
    }

    void fail_with(std::string reason) {
        std::scoped_lock const lock(mutex_);
        failure_ = std::move(reason);
    }
    void throw_on_write() {
        std::scoped_lock const lock(mutex_);
        throws_ = true;
    }
    void make_unreadable(std::string key) {
        std::scoped_lock const lock(mutex_);
        unreadable_ = std::move(key);
    }

    // How many batches each write brought.
    std::vector<std::size_t> group_sizes() {
        std::scoped_lock const lock(mutex_);
        return group_sizes_;
    }
    std::map<std::string, std::uint64_t> versions() {
        std::scoped_lock const lock(mutex_);
        return versions_;
    }

  private:
    result<std::optional<std::uint64_t>> version_of(family, std::string_view key) {
        std::scoped_lock const lock(mutex_);
        if (key == unreadable_)
            return errc::read_failed;
        auto const found = versions_.find(std::string(key));
        if (found == versions_.end())
            return std::nullopt;
        return found->second;
    }

    std::optional<std::string> write(std::span<accepted_batch const> group) {
        std::unique_lock lock(mutex_);
        group_sizes_.push_back(group.size());
        inside_ = held_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !held_; });
        inside_ = false;
        if (throws_)
            throw std::runtime_error("out of memory, say");
        if (failure_)
            return failure_;
        for (auto const& accepted : group)
            for (auto const& operation : accepted.batch->operations()) {
                if (operation.value)
                    versions_[operation.key] = accepted.version;
                else
                    versions_.erase(operation.key);
            }
        return std::nullopt;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool held_ = false;
    bool inside_ = false;
    bool throws_ = false;
    std::optional<std::string> failure_;
    std::string unreadable_;
    std::vector<std::size_t> group_sizes_;
    std::map<std::string, std::uint64_t> versions_;
};

} // namespace connectd::storage::testing

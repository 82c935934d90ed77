// The smallest group committer: whatever waits is written and synced as one batch, then each I/O thread is
// told once.
//
// Threads: commit() from any I/O thread; one thread of its own writes. Requires: every waiting coroutine has
// been resumed before the committer is destroyed.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace connectd::bench {

using executor = boost::asio::io_context::executor_type;
template <class T>
using task = boost::asio::awaitable<T, executor>;
constexpr boost::asio::use_awaitable_t<executor> use_task{};

using rows = std::vector<std::pair<std::string, std::string>>;

class committer {
  public:
    explicit committer(std::string const& folder) {
        rocksdb::Options options;
        options.create_if_missing = true;
        options.write_buffer_size = 64U << 20U;
        options.info_log_level = rocksdb::WARN_LEVEL;
        rocksdb::DB* opened = nullptr;
        auto const status = rocksdb::DB::Open(options, folder, &opened);
        if (!status.ok()) {
            throw std::runtime_error("cannot open the store: " + status.ToString());
        }
        store_.reset(opened);
        writer_ = std::thread{[this] { run(); }};
    }
    committer(committer const&) = delete;
    committer& operator=(committer const&) = delete;
    ~committer() {
        {
            std::lock_guard const lock{mutex_};
            stopped_ = true;
        }
        wake_.notify_one();
        writer_.join();
    }

    // True when the rows are on disk.
    task<bool> commit(boost::asio::io_context& home, rows written) {
        return boost::asio::async_initiate<decltype(use_task), void(bool)>(
            [this, &home](auto handler, rows batch) {
                using handler_type = decltype(handler);
                add(std::make_unique<waiting<handler_type>>(home, std::move(batch), std::move(handler)));
            },
            use_task, std::move(written));
    }

  private:
    struct waiter {
        waiter(boost::asio::io_context& context, rows batch) : home{context}, written{std::move(batch)} {}
        waiter(waiter const&) = delete;
        waiter& operator=(waiter const&) = delete;
        virtual ~waiter() = default;
        virtual void resume(bool stored) = 0;
        boost::asio::io_context& home;
        rows written;
    };
    template <class Handler>
    struct waiting final : waiter {
        waiting(boost::asio::io_context& context, rows batch, Handler&& then)
            : waiter{context, std::move(batch)}, handler{std::move(then)} {}
        void resume(bool stored) override { std::move(handler)(stored); }
        Handler handler;
    };
    using group = std::vector<std::unique_ptr<waiter>>;

    void add(std::unique_ptr<waiter> one) {
        bool first = false;
        {
            std::lock_guard const lock{mutex_};
            first = pending_.empty();
            pending_.push_back(std::move(one));
        }
        if (first) {
            wake_.notify_one();
        }
    }

    void run() {
        for (;;) {
            group taken;
            {
                std::unique_lock lock{mutex_};
                wake_.wait(lock, [this] { return stopped_ || !pending_.empty(); });
                if (pending_.empty()) {
                    return;
                }
                taken.swap(pending_);
            }
            write(std::move(taken));
        }
    }

    void write(group taken) {
        rocksdb::WriteBatch batch;
        for (auto const& one : taken) {
            for (auto const& [key, value] : one->written) {
                batch.Put(key, value);
            }
        }
        rocksdb::WriteOptions options;
        options.sync = true;
        auto const stored = store_->Write(options, &batch).ok();
        std::vector<std::pair<boost::asio::io_context*, group>> homes;
        for (auto& one : taken) {
            auto* const home = &one->home;
            auto found = std::find_if(homes.begin(), homes.end(),
                                      [home](auto const& each) { return each.first == home; });
            if (found == homes.end()) {
                found = homes.insert(homes.end(), {home, group{}});
            }
            found->second.push_back(std::move(one));
        }
        for (auto& [home, told] : homes) {
            boost::asio::post(*home, [waiters = std::move(told), stored]() mutable {
                for (auto& one : waiters) {
                    one->resume(stored);
                }
            });
        }
    }

    std::unique_ptr<rocksdb::DB> store_;
    std::mutex mutex_;
    std::condition_variable wake_;
    group pending_;
    bool stopped_ = false;
    std::thread writer_;
};

} // namespace connectd::bench

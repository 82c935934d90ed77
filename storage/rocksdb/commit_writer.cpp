#include "storage/rocksdb/commit_writer.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

#include <pthread.h>

namespace connectd::storage {
namespace {

using executor = boost::asio::io_context::executor_type;
using outcome = result<std::uint64_t>;

} // namespace

// A coroutine that waits for its batch. Boost 1.81 has no move-only handler type, hence one class per handler
// type.
class commit_writer::waiter {
  public:
    waiter(write_batch&& waiting, executor const& where)
        : batch(std::move(waiting)), owner(where), work(where) {}
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;
    virtual ~waiter() = default;

    // Resumes the coroutine with `ended`. Requires: called on `owner`, once.
    virtual void complete() = 0;

    write_batch const batch;
    executor const owner;
    outcome ended;
    std::uint64_t ticket = 0;

  private:
    boost::asio::executor_work_guard<executor> work;
};

template <class Handler>
class commit_writer::waiter_of final : public waiter {
  public:
    waiter_of(write_batch&& waiting, Handler&& resume)
        : waiter(std::move(waiting), boost::asio::get_associated_executor(resume)),
          resume_(std::move(resume)) {}

    void complete() override { std::move(resume_)(std::move(ended)); }

  private:
    Handler resume_;
};

// The waiters of one group and one io_context, on their way there. Destroyed without being called, as when
// the io_context goes away, it destroys their coroutines.
class commit_writer::delivery {
  public:
    explicit delivery(waiter_ptr first) { add(std::move(first)); }

    void add(waiter_ptr next) { waiters_.push_back(std::move(next)); }
    executor owner() const { return waiters_.back()->owner; }

    void operator()() {
        while (next_ < waiters_.size()) {
            auto const current = std::move(waiters_[next_++]);
            try {
                current->complete();
            } catch (...) {
                // What escapes a coroutine is that coroutine's affair and goes on to io_context::run; the
                // others are owed their completion all the same.
                auto const where = owner();
                if (next_ < waiters_.size())
                    boost::asio::post(where, std::move(*this));
                throw;
            }
        }
    }

  private:
    std::vector<waiter_ptr> waiters_;
    std::size_t next_ = 0;
};

commit_writer::commit_writer(commit_sink sink, commit_limits limits, std::uint64_t last_version)
    : sink_(std::move(sink)), limits_(limits), last_version_(last_version), thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "commit_writer");
}

commit_writer::~commit_writer() {
    close();
}

task<result<std::uint64_t>> commit_writer::commit(write_batch batch) {
    using token = boost::asio::use_awaitable_t<executor>;
    if (!batch.within_limits())
        co_return errc::limit_exceeded;
    auto const start = [this](auto&& handler, write_batch&& waiting) {
        using handler_type = std::remove_cvref_t<decltype(handler)>;
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        auto incoming = std::make_unique<waiter_of<handler_type>>(std::move(waiting), std::move(handler));
        if (slot.is_connected()) {
            std::unique_lock lock(mutex_);
            auto const ticket = incoming->ticket = ++next_ticket_;
            lock.unlock();
            slot.assign([this, ticket](boost::asio::cancellation_type) { withdraw(ticket); });
        }
        enqueue(std::move(incoming));
    };
    co_return co_await boost::asio::async_initiate<token const, void(outcome)>(start, token{},
                                                                               std::move(batch));
}

std::string commit_writer::failure() const {
    std::scoped_lock const lock(mutex_);
    if (failure_.empty() && closing_)
        return "the store is closed";
    return failure_;
}

void commit_writer::fail(std::string reason) {
    std::scoped_lock const lock(mutex_);
    if (!failed_)
        failure_ = std::move(reason);
    failed_ = true;
}

void commit_writer::close() {
    {
        std::scoped_lock const lock(mutex_);
        closing_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

commit_figures commit_writer::figures() const noexcept {
    return {groups_, batches_written_, batches_refused_};
}

void commit_writer::enqueue(waiter_ptr incoming) {
    {
        std::scoped_lock const lock(mutex_);
        if (!closing_ && !failed_) {
            // Those who wait for room come first.
            if (!waiting_for_room_.empty() || !has_room_for(*incoming)) {
                waiting_for_room_.push_back(std::move(incoming));
                return;
            }
            bool const wake = queue_.empty();
            push(std::move(incoming));
            if (wake)
                wake_.notify_one();
            return;
        }
        incoming->ended = failed_ ? errc::store_failed : errc::store_closed;
    }
    auto const owner = incoming->owner;
    boost::asio::post(owner, delivery(std::move(incoming)));
}

void commit_writer::withdraw(std::uint64_t ticket) {
    waiter_ptr withdrawn;
    {
        std::scoped_lock const lock(mutex_);
        auto const found = std::ranges::find_if(
            waiting_for_room_, [&](auto const& waiting) { return waiting->ticket == ticket; });
        if (found == waiting_for_room_.end())
            return; // queued already: too late
        withdrawn = std::move(*found);
        waiting_for_room_.erase(found);
    }
    withdrawn->ended = boost::system::error_code(boost::asio::error::operation_aborted);
    auto const owner = withdrawn->owner;
    boost::asio::post(owner, delivery(std::move(withdrawn)));
}

// A batch that is larger than the whole queue still gets its turn, alone.
bool commit_writer::has_room_for(waiter const& incoming) const {
    return queue_.empty() ||
           (queue_.size() < limits_.batches && queued_bytes_ + incoming.batch.bytes() <= limits_.bytes);
}

void commit_writer::push(waiter_ptr incoming) {
    queued_bytes_ += incoming->batch.bytes();
    queue_.push_back(std::move(incoming));
}

void commit_writer::run() {
    std::vector<waiter_ptr> group;
    while (take(group)) {
        settle(group);
        deliver(group);
        group.clear();
    }
}

// Waits for work and takes all of it; false when closing and everything is done.
bool commit_writer::take(std::vector<waiter_ptr>& group) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    group.swap(queue_);
    queued_bytes_ = 0;
    while (!waiting_for_room_.empty() && has_room_for(*waiting_for_room_.front())) {
        push(std::move(waiting_for_room_.front()));
        waiting_for_room_.pop_front();
    }
    return !group.empty();
}

void commit_writer::settle(std::vector<waiter_ptr>& group) {
    if (!failed_) {
        try {
            write(group);
        } catch (std::exception const& thrown) {
            fail(thrown.what());
        }
    }
    // What was refused in this group may have been refused because of a batch that is not there now, so all
    // end alike.
    if (failed_)
        for (auto& waiting : group)
            waiting->ended = errc::store_failed;
}

void commit_writer::write(std::vector<waiter_ptr>& group) {
    bool const later_guards = std::any_of(
        group.begin() + 1, group.end(), [](auto const& waiting) { return !waiting->batch.guards().empty(); });
    commit_group merged(sink_, last_version_, later_guards);
    std::uint64_t refused = 0;
    for (auto& waiting : group) {
        waiting->ended = merged.admit(waiting->batch);
        refused += waiting->ended.has_error() ? 1 : 0;
    }
    batches_refused_ += refused;
    if (merged.accepted().empty())
        return;
    if (auto failure = sink_.write(merged.accepted())) {
        // A sync that failed once may lose what an earlier one seemed to keep, and a second try can succeed
        // without having written anything: from here on only a new opening can tell what is on disk.
        fail(std::move(*failure));
        return;
    }
    last_version_ = merged.last_version();
    ++groups_;
    batches_written_ += merged.accepted().size();
}

void commit_writer::deliver(std::vector<waiter_ptr>& group) {
    std::vector<delivery> deliveries; // as many as there are I/O threads
    for (auto& waiting : group) {
        auto const same = std::ranges::find_if(
            deliveries, [&](delivery const& open) { return open.owner() == waiting->owner; });
        if (same == deliveries.end())
            deliveries.emplace_back(std::move(waiting));
        else
            same->add(std::move(waiting));
    }
    for (auto& ready : deliveries) {
        auto const owner = ready.owner();
        boost::asio::post(owner, std::move(ready));
    }
}

} // namespace connectd::storage

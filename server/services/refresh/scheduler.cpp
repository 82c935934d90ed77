#include "server/services/refresh/scheduler.hpp"

#include "server/runtime/log.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace connectd::server::services::refresh {
namespace {

// A step back that a refresh a little early does not mind.
constexpr std::chrono::seconds small_step{30};

// What the store would not do is tried again after this.
constexpr std::chrono::minutes after_trouble{1};

agenda::ending ending_of(result how) noexcept {
    switch (how) {
    case result::refreshed:
    case result::refused:
    case result::operator_fault:
        return agenda::ending::answered;
    case result::temporary:
    case result::unknown:
        return agenda::ending::failed;
    case result::not_possible:
    case result::untouched:
    case result::broken:
        break;
    }
    return agenda::ending::neither;
}

} // namespace

struct scheduler::finish {
    agenda::ending how = agenda::ending::neither;
    std::optional<storage::refresh_due> next{};
    bool trouble = false; // the store's: nothing is known to have been written
};

scheduler::scheduler(parts given, options chosen, runtime::executor context)
    : given_{given},
      options_{chosen},
      agenda_{chosen.plan, given.clock.now()},
      tick_{context},
      last_seen_{given.clock.now()} {}

runtime::task<void> scheduler::run() {
    for (;;) {
        auto const now = given_.clock.now();
        if (now < last_seen_ - small_step) {
            agenda_.restart(now);
            last_shown_ = runtime::sys_ms::min();
        }
        last_seen_ = now;
        start_due();
        co_await read();
        if (last_shown_ + options_.interval <= now) {
            last_shown_ = now;
            given_.counted.shows(agenda_);
        }
        if (!woken_) {
            tick_.expires_after(options_.interval);
            auto const [error] = co_await tick_.async_wait(runtime::use_tuple);
            if (error && !woken_) {
                co_return;
            }
        }
        woken_ = false;
    }
}

// What the agenda wants, a part at a time, with the work that others have in between.
runtime::task<void> scheduler::read() {
    auto const context = co_await boost::asio::this_coro::executor;
    while (auto const wanted = agenda_.next_reading(given_.clock.now())) {
        given_.front.tell_until(agenda_.read_until());
        auto const page = co_await storage::refresh_dues::list_due(given_.store, wanted->until,
                                                                   wanted->cursor, options_.page);
        if (page.has_error()) {
            runtime::log::warning("what is due could not be read", {{"reason", page.error().message()}});
            co_return;
        }
        agenda_.read(*wanted, *page);
        start_due();
        co_await boost::asio::post(context, runtime::use_task);
    }
}

void scheduler::start_due() {
    if (!given_.store.writable()) {
        return; // nothing that is begun could be kept
    }
    while (auto row = agenda_.take(given_.clock.now())) {
        auto const account = row->account;
        if (!given_.work.spawn("refresh", work_on(std::move(*row)))) {
            agenda_.finished(account, agenda::ending::neither, std::nullopt, given_.clock.now());
            return;
        }
    }
}

runtime::task<void> scheduler::work_on(storage::refresh_due row) {
    finish done{.next = row, .trouble = true};
    std::exception_ptr failure;
    try {
        done = co_await do_work(row);
    } catch (...) {
        failure = std::current_exception();
    }
    auto const now = given_.clock.now();
    // What is due still although nothing was done about it must not come round at once.
    bool const idle = done.how == agenda::ending::neither && done.next && done.next->due <= now;
    agenda_.finished(row.account, done.how, std::move(done.next), now,
                     done.trouble || idle ? std::optional<runtime::sys_ms>{now + after_trouble}
                                          : std::nullopt);
    look();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

runtime::task<scheduler::finish> scheduler::do_work(storage::refresh_due row) {
    if (row.kind == storage::due_kind::notice) {
        auto next = co_await given_.tells.handle(row);
        if (next.has_error()) {
            runtime::log::warning("a notice could not be written", {{"account", row.account.to_string()},
                                                                    {"reason", next.error().code.message()}});
            co_return finish{.next = row, .trouble = true};
        }
        co_return finish{.next = std::move(*next)};
    }
    given_.counted.began(given_.clock.now() - row.due);
    auto const ended = co_await given_.refreshes.refresh(
        {.workspace = row.workspace, .account = row.account, .by_timer = true});
    if (ended.how == result::broken) {
        runtime::log::warning("a refresh could not be done",
                              {{"account", row.account.to_string()}, {"reason", ended.why.code.message()}});
        co_return finish{.next = row, .trouble = true};
    }
    co_return finish{.how = ending_of(ended.how),
                     .next = ended.account ? storage::due_of(*ended.account) : std::nullopt};
}

void scheduler::changed(storage::refresh_due row) {
    agenda_.changed(std::move(row));
    look();
}

void scheduler::refreshed(report const& ended) {
    auto next = ended.account && ended.how != result::broken ? storage::due_of(*ended.account) : std::nullopt;
    if (next) {
        agenda_.heard(*next, ending_of(ended.how), given_.clock.now());
        changed(std::move(*next));
    }
}

void scheduler::look() {
    woken_ = true;
    tick_.cancel();
}

} // namespace connectd::server::services::refresh

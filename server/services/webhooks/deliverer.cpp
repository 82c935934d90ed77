#include "server/services/webhooks/deliverer.hpp"

#include "server/runtime/log.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace connectd::server::services::webhooks {
namespace {

// What the store would not do is tried again after this.
constexpr std::chrono::minutes after_trouble{1};

// Deliveries to one endpoint before others that wait get its place.
constexpr int turn = 32;

constexpr std::size_t page = 100;

} // namespace

deliverer::deliverer(courier& brings, storage::kv& store, runtime::clock const& clock, meters& counted,
                     runtime::task_group& work, options chosen, runtime::executor context)
    : brings_{brings},
      store_{store},
      clock_{clock},
      counted_{counted},
      work_{work},
      options_{chosen},
      tick_{context} {}

runtime::task<void> deliverer::run() {
    co_await look_at_all();
    for (;;) {
        for (auto const& workspace : std::exchange(heard_, {})) {
            co_await look_at(workspace);
        }
        want_due();
        start_some();
        show();
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

void deliverer::show() {
    counted_.shows(
        {.under_way = running_, .waiting = ready_.size() + troubled_.size(), .failing = pauses_.size()});
}

void deliverer::heard(crypto::workspace_id workspace) {
    heard_.insert(workspace);
    look();
}

void deliverer::look() {
    woken_ = true;
    tick_.cancel();
}

// With the work of others between two workspaces.
runtime::task<void> deliverer::look_at_all() {
    auto const context = co_await boost::asio::this_coro::executor;
    std::optional<crypto::workspace_id> last;
    for (;;) {
        auto const next = co_await storage::webhooks::next_workspace(store_, last);
        if (next.has_error()) {
            runtime::log::warning("webhooks could not be read", {{"reason", next.error().message()}});
            co_return;
        }
        if (!*next) {
            co_return;
        }
        last = *next;
        co_await look_at(**next);
        start_some();
        co_await boost::asio::post(context, runtime::use_task);
    }
}

runtime::task<void> deliverer::look_at(crypto::workspace_id workspace) {
    std::optional<std::string> cursor;
    do {
        auto found = co_await storage::webhooks::list(store_, workspace, std::move(cursor), page);
        if (found.has_error()) {
            runtime::log::warning("webhooks could not be read", {{"reason", found.error().message()}});
            co_return;
        }
        for (auto const& row : found->items) {
            if (row.status == storage::webhook_status::active) {
                want(workspace, row.id);
            }
        }
        cursor = std::move(found->next_cursor);
    } while (cursor);
}

void deliverer::want(crypto::workspace_id workspace, crypto::webhook_id webhook) {
    auto& one = lanes_[webhook];
    one.workspace = workspace;
    if (one.running) {
        one.again = true;
    } else if (!one.waiting) {
        one.waiting = true;
        (one.troubled ? troubled_ : ready_).push_back(webhook);
    }
}

void deliverer::want_due() {
    auto const now = clock_.now();
    while (!pauses_.empty() && pauses_.begin()->first <= now) {
        auto const [end, webhook] = *pauses_.begin();
        pauses_.erase(pauses_.begin());
        if (auto const found = lanes_.find(webhook); found != lanes_.end()) {
            if (found->second.wakes_at == end) {
                found->second.wakes_at.reset();
            }
            want(found->second.workspace, webhook);
        }
    }
}

// One entry an endpoint, however often it is looked at while it waits: an earlier one will look again.
void deliverer::pause(endpoint_name which, runtime::sys_ms until) {
    auto& wakes_at = lanes_.at(which.webhook).wakes_at;
    if (!wakes_at || *wakes_at > until) {
        wakes_at = until;
        pauses_.emplace(until, which.webhook);
    }
}

void deliverer::start_some() {
    if (!store_.writable()) {
        return; // what came of an attempt could not be kept
    }
    while (running_ < options_.at_once && !ready_.empty()) {
        start_first(ready_);
    }
    while (running_ < options_.at_once && troubled_running_ < options_.troubled_at_once &&
           !troubled_.empty()) {
        start_first(troubled_);
    }
}

void deliverer::start_first(std::deque<crypto::webhook_id>& queue) {
    auto const webhook = queue.front();
    queue.pop_front();
    auto& one = lanes_.at(webhook);
    one.waiting = false;
    one.running = true;
    ++running_;
    troubled_running_ += one.troubled ? 1U : 0U;
    // Refused only when the shutdown has begun, and then nothing counts any more.
    work_.spawn("webhook", serve({one.workspace, webhook}, one.troubled));
}

runtime::task<void> deliverer::serve(endpoint_name which, bool troubled) {
    bool there = true;
    std::exception_ptr failure;
    try {
        there = co_await bring(which);
    } catch (...) {
        failure = std::current_exception();
    }
    --running_;
    troubled_running_ -= troubled ? 1U : 0U;
    auto& one = lanes_.at(which.webhook);
    one.running = false;
    if (failure) {
        pause(which, clock_.now() + after_trouble);
    } else if (!there) {
        lanes_.erase(which.webhook);
    } else if (std::exchange(one.again, false)) {
        want(which.workspace, which.webhook);
    }
    look();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

// False when the endpoint is no more.
runtime::task<bool> deliverer::bring(endpoint_name which) {
    auto& one = lanes_.at(which.webhook); // stays where it is while it runs
    for (int done = 0;; ++done) {
        if (done >= turn && others_wait()) {
            one.again = true;
            co_return true;
        }
        one.again = false;
        auto const came = co_await brings_.step(which, one.passed);
        if (came.has_error()) {
            if (came.error().code != boost::asio::error::operation_aborted) {
                runtime::log::warning(
                    "a webhook could not be served",
                    {{"webhook", which.webhook.to_string()}, {"reason", came.error().code.message()}});
            }
            pause(which, clock_.now() + after_trouble);
            co_return true;
        }
        if (came->made) {
            counted_.tried(*came->made);
        }
        one.passed = came->passed;
        one.troubled = came->how == courier::state::waits;
        if (one.troubled) {
            pause(which, *came->next);
            one.again = false; // what came meanwhile waits, too
            co_return true;
        }
        if (came->how == courier::state::absent) {
            co_return false;
        }
        if (came->how != courier::state::moved && !one.again) {
            co_return true;
        }
    }
}

} // namespace connectd::server::services::webhooks

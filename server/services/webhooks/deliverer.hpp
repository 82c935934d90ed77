// Who is sent to when: keeps the couriers going for every endpoint that has something to get, side by side.
//
// Each endpoint has one courier at a time, which is what keeps its events in order; endpoints do not wait for
// each other. Those that failed last share a part of the places, so that however many of them hang, there is
// room for the others.
//
// Belongs to the background thread. What it knows is in the store; at the start it looks at every endpoint,
// later at those of a workspace that has new events, and at those whose pause is over.
#pragma once

#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/webhooks/courier.hpp"
#include "server/services/webhooks/meters.hpp"
#include "storage/kv.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>

namespace connectd::server::services::webhooks {

class deliverer {
  public:
    struct options {
        std::size_t at_once = 128;         // attempts under way
        std::size_t troubled_at_once = 32; // of these, to endpoints that failed last
        std::chrono::milliseconds interval = std::chrono::seconds{1}; // how often the clock is looked at
    };

    // The couriers' work runs in `work`, a group of the context. Everything outlives the deliverer.
    deliverer(courier& brings, storage::kv& store, runtime::clock const& clock, meters& counted,
              runtime::task_group& work, options chosen, runtime::executor context);

    // Until it is cancelled.
    runtime::task<void> run();

    // The workspace has new events, or its endpoints changed. On the background thread.
    void heard(crypto::workspace_id workspace);

    // Looks at the clock now and not at the end of the interval, for those who move the clock.
    void look();

  private:
    struct lane {
        crypto::workspace_id workspace;
        storage::event_place passed{};
        bool waiting = false; // for a place
        bool running = false;
        bool again = false; // something came while it ran
        bool troubled = false;
        std::optional<runtime::sys_ms> wakes_at = {}; // its next entry in pauses_
    };

    runtime::task<void> look_at_all();
    runtime::task<void> look_at(crypto::workspace_id workspace);
    void want(crypto::workspace_id workspace, crypto::webhook_id webhook);
    void want_due();
    void pause(endpoint_name which, runtime::sys_ms until);
    void start_some();
    void start_first(std::deque<crypto::webhook_id>& queue);
    runtime::task<void> serve(endpoint_name which, bool troubled);
    runtime::task<bool> bring(endpoint_name which);
    bool others_wait() const { return !ready_.empty(); }
    void show();

    courier& brings_;
    storage::kv& store_;
    runtime::clock const& clock_;
    meters& counted_;
    runtime::task_group& work_;
    options options_;
    runtime::timer tick_;
    bool woken_ = false;
    std::set<crypto::workspace_id> heard_;
    std::map<crypto::webhook_id, lane> lanes_; // of endpoints that had something to get since the start
    std::multimap<runtime::sys_ms, crypto::webhook_id> pauses_; // by their end
    std::deque<crypto::webhook_id> ready_;
    std::deque<crypto::webhook_id> troubled_;
    std::size_t running_ = 0;
    std::size_t troubled_running_ = 0;
};

} // namespace connectd::server::services::webhooks

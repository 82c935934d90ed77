// What the sending of webhooks tells /metrics. Changed on the background thread, read on any.
#pragma once

#include "server/runtime/metrics.hpp"
#include "server/services/webhooks/courier.hpp"

#include <cstddef>

namespace connectd::server::services::webhooks {

class meters {
  public:
    // Requires: `all` outlives this object.
    explicit meters(runtime::metrics_registry& all);

    // An endpoint was sent something.
    void tried(courier::attempt const& how);

    struct figures {
        std::size_t under_way = 0; // attempts
        std::size_t waiting = 0;   // endpoints, for a place
        std::size_t failing = 0;   // endpoints, for their next attempt
    };
    void shows(figures now);

  private:
    runtime::counter& attempts_delivered_;
    runtime::counter& attempts_failed_;
    runtime::counter& delivered_;
    runtime::counter& failed_;
    runtime::counter& gone_;
    runtime::counter& exhausted_;
    runtime::gauge& under_way_;
    runtime::gauge& waiting_;
    runtime::gauge& failing_;
};

} // namespace connectd::server::services::webhooks

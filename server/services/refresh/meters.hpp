// What the refreshing tells /metrics. Changed on the background thread, read on any.
#pragma once

#include "server/runtime/clock.hpp"
#include "server/runtime/metrics.hpp"
#include "server/services/refresh/agenda.hpp"
#include "server/services/refresh/report.hpp"

#include <map>
#include <string>
#include <utility>

namespace connectd::server::services::refresh {

class meters {
  public:
    // Requires: `all` outlives this object.
    explicit meters(runtime::metrics_registry& all);

    // A refresh has ended; one that asked nobody is not counted.
    void ended(report const& what);
    // One that the timer began, and how long after its time.
    void began(std::chrono::milliseconds late) {
        lateness_.observe(std::chrono::duration<double>{late}.count());
    }
    void shows(agenda const& now);

  private:
    runtime::metrics_registry& all_;
    runtime::histogram& lateness_;
    runtime::gauge& waiting_;
    runtime::gauge& ready_;
    runtime::gauge& under_way_;
    std::map<std::pair<std::string, result>, runtime::counter*> ended_;
    std::map<std::string, runtime::gauge*> open_; // by platform
};

} // namespace connectd::server::services::refresh

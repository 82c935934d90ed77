// What the server tells of its requests: a duration histogram a route and a counter a route and class of
// status.
//
// Made once at start; `record` may be called from any thread.
#pragma once

#include "server/api/route.hpp"
#include "server/http/access_log.hpp"
#include "server/runtime/metrics.hpp"

#include <array>
#include <span>
#include <vector>

namespace connectd::server {

class http_metrics {
  public:
    http_metrics(runtime::metrics_registry& registry, std::span<api::route const> routes);

    void record(http::answered const& answer) noexcept;

  private:
    struct of_route {
        runtime::histogram* duration;
        std::array<runtime::counter*, 5> by_class; // 1xx to 5xx
    };
    static of_route add(runtime::metrics_registry& registry, std::string_view method,
                        std::string_view pattern);

    std::vector<of_route> routes_; // by the place in the table
    of_route unrouted_;
};

} // namespace connectd::server

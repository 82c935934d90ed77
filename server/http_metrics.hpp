// What the server tells of its requests: a duration histogram a route and a counter a route and class of
// status.
//
// Made once at start; `record` may be called from any thread.
#pragma once

#include "server/http/access_log.hpp"
#include "server/http/router.hpp"
#include "server/runtime/metrics.hpp"

#include <array>
#include <vector>

namespace connectd::server {

class http_metrics {
  public:
    http_metrics(runtime::metrics_registry& registry, http::router const& routes);

    void record(http::answered const& answer) noexcept;

  private:
    struct of_route {
        runtime::histogram* duration;
        std::array<runtime::counter*, 5> by_class; // 1xx to 5xx
    };
    static of_route add(runtime::metrics_registry& registry, std::string_view method,
                        std::string_view pattern);

    std::vector<of_route> routes_; // by the place in the router's table, which is the same in all threads
    of_route unrouted_;
};

} // namespace connectd::server

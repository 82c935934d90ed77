#include "server/http_metrics.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace connectd::server {

http_metrics::http_metrics(runtime::metrics_registry& registry, http::router const& routes)
    : unrouted_{add(registry, "", "none")} {
    for (auto const& line : routes.routes()) {
        routes_.push_back(add(registry, line.method.empty() ? "*" : line.method, line.pattern));
    }
}

http_metrics::of_route http_metrics::add(runtime::metrics_registry& registry, std::string_view method,
                                         std::string_view pattern) {
    runtime::metric_labels const labels{{"method", std::string{method}}, {"route", std::string{pattern}}};
    of_route made{
        &registry.add_histogram("connectd_http_request_duration_seconds",
                                "Time from the end of a request's header to the last byte of its answer.",
                                runtime::latency_bounds(), labels),
        {}};
    for (std::size_t index = 0; index < made.by_class.size(); ++index) {
        auto with_status = labels;
        with_status.emplace_back("status", std::to_string(index + 1) + "xx");
        made.by_class[index] = &registry.add_counter("connectd_http_requests_total", "Answered requests.",
                                                     std::move(with_status));
    }
    return made;
}

void http_metrics::record(http::answered const& answer) noexcept {
    bool const routed = !answer.route.empty() && answer.route_index < routes_.size();
    auto const& of = routed ? routes_[answer.route_index] : unrouted_;
    of.duration->observe(std::chrono::duration<double>(answer.duration).count());
    of.by_class[std::clamp(answer.status / 100U, 1U, 5U) - 1]->add();
}

} // namespace connectd::server

#include "server/services/webhooks/meters.hpp"

#include <string_view>

namespace connectd::server::services::webhooks {
namespace {

constexpr std::string_view attempts = "connectd_webhook_attempts_total";
constexpr std::string_view attempts_help = "Attempts to deliver an event to an endpoint, by how they ended.";
constexpr std::string_view deliveries = "connectd_webhook_deliveries_total";
constexpr std::string_view deliveries_help = "Deliveries that are over, by how they ended.";
constexpr std::string_view disabled = "connectd_webhook_endpoints_disabled_total";
constexpr std::string_view disabled_help = "Endpoints that get no more until they are resumed, and why.";

} // namespace

meters::meters(runtime::metrics_registry& all)
    : attempts_delivered_{all.add_counter(attempts, attempts_help, {{"result", "delivered"}})},
      attempts_failed_{all.add_counter(attempts, attempts_help, {{"result", "failed"}})},
      delivered_{all.add_counter(deliveries, deliveries_help, {{"result", "delivered"}})},
      failed_{all.add_counter(deliveries, deliveries_help, {{"result", "failed"}})},
      gone_{all.add_counter(disabled, disabled_help, {{"cause", "gone"}})},
      exhausted_{all.add_counter(disabled, disabled_help, {{"cause", "exhausted"}})},
      under_way_{all.add_gauge("connectd_webhook_attempts_under_way", "Attempts that wait for an answer.")},
      waiting_{all.add_gauge("connectd_webhook_endpoints_waiting",
                             "Endpoints that may have something to get and wait for their turn.")},
      failing_{all.add_gauge("connectd_webhook_endpoints_failing",
                             "Endpoints whose last attempt failed and that wait for the next one.")} {}

void meters::tried(courier::attempt const& how) {
    (how.delivered ? attempts_delivered_ : attempts_failed_).add();
    if (how.over) {
        (how.delivered ? delivered_ : failed_).add();
    }
    if (how.over && !how.delivered) {
        (how.gone ? gone_ : exhausted_).add();
    }
}

void meters::shows(figures now) {
    under_way_.set(static_cast<std::int64_t>(now.under_way));
    waiting_.set(static_cast<std::int64_t>(now.waiting));
    failing_.set(static_cast<std::int64_t>(now.failing));
}

} // namespace connectd::server::services::webhooks

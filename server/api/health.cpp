#include "server/api/health.hpp"

#include "server/api/problem.hpp"

#include <boost/json/object.hpp>

namespace connectd::server::api {

runtime::task<http::response> healthz(call) {
    co_return http::response::json(200, boost::json::object{{"status", "ok"}});
}

runtime::task<http::response> readyz(call of) {
    auto const reason = of.with.not_ready();
    if (reason.empty()) {
        co_return http::response::json(200, boost::json::object{{"status", "ready"}});
    }
    co_return to_response({503, "not_ready", reason, {}}, of.asked.request_id);
}

runtime::task<http::response> metrics(call of) {
    auto answer = http::response::text(200, of.with.metrics.expose());
    answer.set("Content-Type", runtime::metrics_content_type);
    co_return answer;
}

} // namespace connectd::server::api

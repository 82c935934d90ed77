#include "server/api/cors.hpp"

#include <algorithm>

namespace connectd::server::api {
namespace {

constexpr std::string_view request_headers =
    "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Api-Key, X-Access-Key, "
    "X-Request-Id";
constexpr std::string_view answer_headers =
    "ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id";

} // namespace

bool cors_rules::allows(std::string_view origin) const {
    return std::ranges::any_of(origins_, [&](auto const& each) { return each == "*" || each == origin; });
}

void cors_rules::permit(http::request const& asked, http::response& answer) const {
    if (!on()) {
        return;
    }
    answer.headers.add("Vary", "Origin");
    auto const origin = asked.header("Origin");
    if (!origin || !allows(*origin)) {
        return;
    }
    answer.set("Access-Control-Allow-Origin", *origin);
    answer.set("Access-Control-Expose-Headers", answer_headers);
}

http::response cors_rules::preflight(http::request const& asked, std::string_view methods) const {
    auto answer = http::response::no_content();
    permit(asked, answer);
    if (answer.headers.contains("Access-Control-Allow-Origin")) {
        answer.set("Access-Control-Allow-Methods", methods);
        answer.set("Access-Control-Allow-Headers", request_headers);
        answer.set("Access-Control-Max-Age", "600");
    }
    return answer;
}

} // namespace connectd::server::api

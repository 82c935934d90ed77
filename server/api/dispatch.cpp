#include "server/api/dispatch.hpp"

#include "server/api/audit.hpp"
#include "server/api/authenticate.hpp"
#include "server/api/problem.hpp"
#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace connectd::server::api {
namespace {

// Seconds, never too few.
std::string in_seconds(std::chrono::milliseconds span) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(span).count());
}

// draft-ietf-httpapi-ratelimit-headers-10.
void tell(http::rate_limiter::limit const& limit, http::rate_limiter::standing const& now,
          http::response& answer) {
    answer.set("RateLimit-Policy",
               "\"key\";q=" + std::to_string(limit.quota) + ";w=" + in_seconds(limit.window));
    answer.set("RateLimit", "\"key\";r=" + std::to_string(now.remaining) +
                                ";t=" + in_seconds(now.remaining == 0 ? now.until_next : now.until_full));
}

http::response refuse_for_now(http::rate_limiter::standing const& now, http::request const& asked) {
    auto answer = refuse(services::errc::rate_limit_exceeded, asked);
    answer.set("Retry-After", in_seconds(now.until_next));
    return answer;
}

// Those of an answer that belong to what was done; the rest is made anew.
std::map<std::string, std::string> lasting_headers(http::response const& answer) {
    constexpr std::array<std::string_view, 3> lasting{"Content-Type", "ETag", "Location"};
    std::map<std::string, std::string> headers;
    for (auto const name : lasting) {
        if (auto const value = answer.headers.find(name)) {
            headers.emplace(name, *value);
        }
    }
    return headers;
}

http::response repeat(services::given_answer known) {
    http::response answer{.status = known.status};
    for (auto const& [name, value] : known.headers) {
        answer.set(name, value);
    }
    answer.set("Idempotent-Replayed", "true");
    answer.body = std::move(known.body);
    return answer;
}

// A body that is not there before the handler cannot be told from another one, and a platform that gets the
// header may know what to do with it.
bool can_repeat(route const& line, http::request const& asked) {
    return line.needs != access::open && line.method == "POST" && line.taken == http::bodies::whole &&
           asked.header("Idempotency-Key");
}

runtime::task<http::response> answer_and_note(call of, route const& line) {
    auto given = co_await line.run(of);
    if (line.audited.empty()) {
        co_return given;
    }
    co_return co_await audited(of, line.audited, std::move(given));
}

runtime::task<http::response> answer_once(call of, route const& line) {
    auto const& asked = of.asked;
    auto& idempotency = of.services().idempotency;
    auto first = co_await idempotency.begin({.workspace = of.who.workspace,
                                             .key = std::string{*asked.header("Idempotency-Key")},
                                             .method = asked.method,
                                             .target = asked.target,
                                             .body = asked.body});
    if (first.has_error()) {
        co_return refuse(first.error(), asked);
    }
    if (first->known) {
        co_return repeat(std::move(*first->known));
    }
    auto answer = co_await answer_and_note(of, line);
    auto const kept = co_await idempotency.keep(
        of.who.workspace, *first,
        {.status = answer.status, .headers = lasting_headers(answer), .body = answer.body});
    if (kept.has_error()) {
        // What was done is done, and its maker has to hear of it.
        runtime::log::warning("an answer could not be kept for a repeated request",
                              {{"request_id", asked.request_id}, {"reason", kept.error().code.message()}});
    }
    co_return answer;
}

runtime::task<http::response> answer_known(call of, route const& line) {
    if (!line.feature.empty()) {
        auto const included = co_await of.services().plans.check(of.workspace(), line.feature);
        if (included.has_error()) {
            co_return refuse(included.error(), of.asked);
        }
    }
    if (can_repeat(line, of.asked)) {
        co_return co_await answer_once(of, line);
    }
    co_return co_await answer_and_note(of, line);
}

runtime::task<http::response> answer(context& with, route const& line, http::request& asked) {
    auto const who = co_await authenticate(with, asked, line.needs, line.scope);
    if (who.has_error()) {
        co_return refuse(who.error(), asked);
    }
    call const of{with, *who, asked};
    if (!with.limiter.on() || who->key.is_nil()) {
        co_return co_await answer_known(of, line);
    }
    auto const standing = with.limiter.take(std::string{who->key.raw()}, runtime::steady_now());
    if (!standing.allowed) {
        auto refused = refuse_for_now(standing, asked);
        tell(with.limiter.chosen(), standing, refused);
        co_return refused;
    }
    auto given = co_await answer_known(of, line);
    tell(with.limiter.chosen(), standing, given);
    co_return given;
}

} // namespace

runtime::task<http::response> dispatch(context& with, route const& line, http::request& asked) {
    auto given = co_await answer(with, line, asked);
    if (line.pattern.starts_with("/v1/")) {
        with.cors.permit(asked, given);
        if (line.taken == http::bodies::whole) { // what a platform says of its answers, it says itself
            given.headers.set_default("Cache-Control", "no-store");
        }
    }
    co_return given;
}

} // namespace connectd::server::api

#include "server/dialects/dispatch.hpp"

#include "server/runtime/log.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace connectd::server::dialects {
namespace {

constexpr unsigned first_refusal = 400;

// The id of what was made or changed, wherever the vendor puts it, or what the path names last.
std::string target_of(http::request const& asked, http::response const& answer) {
    boost::json::error_code error;
    auto const body = boost::json::parse(answer.body, error);
    for (auto const* place : {"/id", "/data/id", "/data/tokenId", "/app/id", "/profile/id", "/integration/id",
                              "/notification/id"}) {
        boost::json::error_code missing;
        auto const* id = error ? nullptr : body.find_pointer(place, missing);
        if (id != nullptr && id->is_string()) {
            return std::string{id->get_string()};
        }
    }
    return asked.path_parameters.empty() ? std::string{} : asked.path_parameters.back().second;
}

// Before the answer goes out: what is not in the log must not be acknowledged.
runtime::task<http::response> answer_and_note(call of, route const& line) {
    auto answer = co_await line.run(of);
    if (line.audited.empty() || answer.status >= first_refusal) {
        co_return answer;
    }
    auto const written = co_await of.services().audit.record({.who = of.who,
                                                              .workspace = of.workspace(),
                                                              .remote_address = of.asked.remote_address(),
                                                              .request_id = of.asked.request_id,
                                                              .action = line.audited,
                                                              .target = target_of(of.asked, answer),
                                                              .status = answer.status});
    co_return written.has_error() ? of.refuse(written.error()) : std::move(answer);
}

// As the native API does it (api/dispatch), with the vendor's header: vendors' clients send a key with every
// write, so that their own retries do nothing twice.
runtime::task<http::response> answer_once(call of, route const& line, std::string key) {
    auto& idempotency = of.services().idempotency;
    auto first = co_await idempotency.begin({.workspace = of.workspace(),
                                             .key = std::move(key),
                                             .method = of.asked.method,
                                             .target = of.asked.target,
                                             .body = of.asked.body});
    if (first.has_error()) {
        co_return of.refuse(first.error());
    }
    if (first->known) {
        auto again = http::response::json_text(first->known->status, std::move(first->known->body));
        co_return std::move(again).set(of.vendor.replayed, "true");
    }
    auto answer = co_await answer_and_note(of, line);
    auto const kept = co_await idempotency.keep(
        of.workspace(), *first, {.status = answer.status, .headers = {}, .body = answer.body});
    if (kept.has_error()) {
        runtime::log::warning("an answer could not be kept for a repeated request",
                              {{"request_id", of.asked.request_id}, {"reason", kept.error().code.message()}});
    }
    co_return answer;
}

runtime::task<http::response> answer_known(call of, route const& line) {
    auto const key = of.asked.header("Idempotency-Key");
    if (of.vendor.replayed.empty() || !key || line.needs == access::open || line.method == "GET") {
        co_return co_await answer_and_note(of, line);
    }
    co_return co_await answer_once(of, line, std::string{*key});
}

runtime::task<http::response> answer_limited(call of, route const& line) {
    auto& limiter = of.with.limiter;
    if (!limiter.on() || of.who.key.is_nil()) {
        co_return co_await answer_known(of, line);
    }
    // One bucket a key, whichever API it is used with.
    auto const standing = limiter.take(std::string{of.who.key.raw()}, runtime::steady_now());
    http::response given;
    if (standing.allowed) {
        given = co_await answer_known(of, line);
    } else {
        auto const wait = std::chrono::ceil<std::chrono::seconds>(standing.until_next);
        given = of.refuse(services::errc::rate_limit_exceeded);
        given.set("Retry-After", std::to_string(wait.count()));
    }
    if (of.vendor.tell_limit != nullptr) {
        of.vendor.tell_limit(of, standing, given);
    }
    co_return given;
}

// One of our keys without what the vendor's begin with.
std::string_view own_key(dialect const& of, std::string_view key) noexcept {
    for (auto const prefix : of.key_prefixes) {
        if (key.starts_with(prefix)) {
            return key.substr(prefix.size());
        }
    }
    return key;
}

// What the key has, for a refusal that tells it.
runtime::task<std::vector<std::string>> scopes_of(context& with, std::string key) {
    auto const who = co_await with.services.api_keys.authenticate(key);
    std::vector<std::string> names;
    for (auto const scope : services::all_scopes()) {
        if (who.has_value() && who->has_scope(scope)) {
            names.emplace_back(scope);
        }
    }
    co_return names;
}

} // namespace

runtime::task<http::response> dispatch(context& with, dialect const& of, route const& line,
                                       http::request& asked) {
    auto const key = own_key(of, of.presented_key(asked));
    auto const who = co_await services::admit(with.services.api_keys, key, line.needs, line.scope);
    if (who.has_error()) {
        bool const narrow = who.error().code == make_error_code(services::errc::scope_missing);
        auto granted = std::vector<std::string>{};
        if (narrow) {
            granted = co_await scopes_of(with, std::string{key});
        }
        co_return of.refuse({.what = services::refusal_of(who.error()),
                             .field = who.error().field,
                             .request_id = asked.request_id,
                             .path = asked.raw_path,
                             .scope = line.scope,
                             .granted = std::move(granted)});
    }
    call const known{with, of, *who, asked};
    auto given = co_await answer_limited(known, line);
    given.headers.set_default("Cache-Control", "no-store");
    co_return given;
}

} // namespace connectd::server::dialects

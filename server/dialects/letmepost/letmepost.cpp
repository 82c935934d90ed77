#include "server/dialects/letmepost/letmepost.hpp"

#include "server/dialects/views.hpp"
#include "server/http/bearer.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>

namespace connectd::server::dialects::letmepost {
namespace {

constexpr auto open = access::open;
constexpr auto workspace = access::workspace;

runtime::task<http::response> health(call) {
    co_return http::response::json(200, boost::json::object{{"status", "ok"}});
}

// clang-format off
constexpr route routes[] = {
    {"GET",    "/health",                                  open,      {},               health},

    {"POST",   "/v1/accounts/connect/{platform}",          workspace, "connect:write",  start_connect,
     "sessions.create"},
    {"POST",   "/v1/accounts/connect/{platform}/complete", workspace, "connect:write",  complete_connect,
     "accounts.connect"},

    {"GET",    "/v1/accounts",                             workspace, "accounts:read",  list_accounts},
    {"GET",    "/v1/accounts/{id}",                        workspace, "accounts:read",  get_account},
    {"DELETE", "/v1/accounts/{id}",                        workspace, "accounts:write", delete_account,
     "accounts.disconnect"},
    {"GET",    "/v1/accounts/{id}/pinterest/boards",       workspace, "proxy",          list_boards},
    {"POST",   "/v1/accounts/{id}/pinterest/boards",       workspace, "proxy",          make_board},
    {"PATCH",  "/v1/accounts/{id}/pinterest/default-board", workspace, "accounts:write", choose_board,
     "accounts.update"},

    {"POST",   "/v1/profiles",                             workspace, "accounts:write", create_profile,
     "profiles.create"},
    {"GET",    "/v1/profiles",                             workspace, "accounts:read",  list_profiles},
    {"GET",    "/v1/profiles/{id}",                        workspace, "accounts:read",  get_profile},
    {"PATCH",  "/v1/profiles/{id}",                        workspace, "accounts:write", update_profile,
     "profiles.update"},
    {"DELETE", "/v1/profiles/{id}",                        workspace, "accounts:write", delete_profile,
     "profiles.delete"},

    {"POST",   "/v1/api-keys",                             workspace, "keys:write",     create_api_key,
     "api_keys.create"},
    {"GET",    "/v1/api-keys",                             workspace, "keys:write",     list_api_keys},
    {"DELETE", "/v1/api-keys/{id}",                        workspace, "keys:write",     revoke_api_key,
     "api_keys.revoke"},

    {"POST",   "/v1/webhook-endpoints",                    workspace, "webhooks:write", create_endpoint,
     "webhooks.create"},
    {"GET",    "/v1/webhook-endpoints",                    workspace, "webhooks:write", list_endpoints},
    {"GET",    "/v1/webhook-endpoints/{id}",               workspace, "webhooks:write", get_endpoint},
    {"PATCH",  "/v1/webhook-endpoints/{id}",               workspace, "webhooks:write", update_endpoint,
     "webhooks.update"},
    {"DELETE", "/v1/webhook-endpoints/{id}",               workspace, "webhooks:write", delete_endpoint,
     "webhooks.delete"},
    {"POST",   "/v1/webhook-endpoints/{id}/test",          workspace, "webhooks:write", test_endpoint,
     "webhooks.test"},
};
// clang-format on

// The vendor's page names the first; its source uses the second.
constexpr std::string_view callbacks[] = {"/v1/accounts/connect/{platform}/complete",
                                          "/v1/accounts/oauth/{platform}/callback"};

// What the vendor says for one of our codes, or for a status where no code is listed.
struct rule {
    std::string_view ours;
    unsigned our_status;
    unsigned status;
    std::string_view code;
};

constexpr rule rules[] = {
    {"facebook.pages.none", 0, 400, "facebook.pages.none"},
    {"login_refused", 0, 401, "platform_auth_failed"},
    {"reconnect_needed", 0, 401, "platform_auth_failed"},
    {"consent_denied", 0, 400, "platform_rejected"},
    {"consent_failed", 0, 400, "platform_rejected"},
    {"code_refused", 0, 400, "platform_rejected"},
    {"app_forgotten", 0, 400, "platform_rejected"},
    {"app_refused", 0, 400, "platform_rejected"},
    {"platform_account_missing", 0, 400, "platform_rejected"},
    {"identity_mismatch", 0, 400, "platform_rejected"},
    {"platform_unknown", 0, 404, "not_found"},
    {"platform_not_available", 0, 403, "platform_not_enabled"},
    {"credentials_missing", 0, 403, "platform_not_enabled"},
    {"idempotency_key_in_use", 0, 409, "idempotency_conflict"},
    {"idempotency_key_reused", 0, 409, "idempotency_conflict"},
    {{}, 401, 401, "unauthenticated"},
    {{}, 402, 403, "quota_exceeded"},
    {{}, 403, 403, "unauthorized"},
    {{}, 404, 404, "not_found"},
    {{}, 405, 404, "not_found"},
    {{}, 409, 409, "validation_failed"},
    {{}, 429, 429, "rate_limited"},
    {{}, 500, 500, "internal_error"},
    {{}, 502, 502, "platform_unavailable"},
    {{}, 503, 503, "platform_unavailable"},
    {{}, 504, 503, "platform_unavailable"},
};

rule rule_of(services::refusal const& what) {
    auto const* by_code = std::ranges::find(rules, what.code, &rule::ours);
    if (by_code != std::end(rules)) {
        return *by_code;
    }
    auto const* by_status = std::ranges::find(rules, what.status, &rule::our_status);
    return by_status != std::end(rules) ? *by_status : rule{{}, 0, 400, "validation_failed"};
}

// The vendor's names of rules where it has some, else our code.
std::string_view name_of_rule(std::string_view code) {
    if (code == "external_id_taken") {
        return "profile.slug.unique";
    }
    return code == "profile_in_use" ? std::string_view{"profile.delete.not_empty"} : code;
}

http::response refuse(trouble const& found) {
    auto const said = rule_of(found.what);
    boost::json::object error{{"code", said.code},
                              {"message", found.what.detail},
                              {"rule", name_of_rule(found.what.code)},
                              {"docUrl", "urn:connectd:problem:" + found.what.code},
                              {"requestId", found.request_id}};
    return http::response::json(said.status, boost::json::object{{"error", std::move(error)}});
}

parameter_list told(services::callback_answer const& ended) {
    if (ended.waiting) { // the choice is made on our page
        return {};
    }
    std::string const platform{with_twitter(ended.platform)};
    if (!ended.why) {
        return {{"connected", platform}, {"accounts", std::to_string(ended.accounts.size())}};
    }
    auto const what = services::refusal_of(*ended.why);
    return {{"connect_error", std::string{rule_of(what).code}},
            {"platform", platform},
            {"connect_rule", what.code},
            {"connect_message", what.detail}};
}

void tell_limit(call const& of, http::rate_limiter::standing const& now, http::response& answer) {
    auto const quota = std::to_string(of.with.limiter.chosen().quota);
    auto const until = now.remaining == 0 ? now.until_next : now.until_full;
    answer.set("RateLimit-Limit", quota);
    answer.set("X-RateLimit-Limit", quota);
    answer.set("RateLimit-Remaining", std::to_string(now.remaining));
    answer.set("RateLimit-Reset", std::to_string(std::chrono::ceil<std::chrono::seconds>(until).count()));
}

constexpr std::string_view key_prefixes[] = {"lmp_live_", "lmp_test_"};

} // namespace

constinit dialect const api{.name = "letmepost",
                            .mount = "/compat/letmepost",
                            .bases = no_base,
                            .routes = routes,
                            .callbacks = callbacks,
                            .key_prefixes = key_prefixes,
                            .presented_key = http::bearer_token,
                            .refuse = refuse,
                            .told = told,
                            .deliveries = &deliveries,
                            .tell_limit = tell_limit,
                            .replayed = "Idempotency-Replayed"};

} // namespace connectd::server::dialects::letmepost

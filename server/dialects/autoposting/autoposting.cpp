#include "server/dialects/autoposting/autoposting.hpp"

#include "server/dialects/fields.hpp"
#include "server/http/bearer.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>

namespace connectd::server::dialects::autoposting {
namespace {

constexpr auto open = access::open;
constexpr auto workspace = access::workspace;

runtime::task<http::response> health(call) {
    co_return http::response::json(200, boost::json::object{{"success", true}});
}

// clang-format off
constexpr route routes[] = {
    {"GET",    "/health",                                         open,      {},               health},
    {"GET",    "/auth/profile",                                   workspace, "accounts:read",  show_caller},
    {"GET",    "/orgs",                                           workspace, "accounts:read",  list_organizations},
    {"PUT",    "/orgs/active",                                    workspace, "accounts:read",  choose_organization},

    {"GET",    "/brands",                                         workspace, "accounts:read",  list_brands},
    {"POST",   "/brands",                                         workspace, "accounts:write", create_brand,
     "profiles.create"},
    {"GET",    "/brands/{slug}",                                  workspace, "accounts:read",  get_brand},
    {"PATCH",  "/brands/{slug}",                                  workspace, "accounts:write", update_brand,
     "profiles.update"},
    {"DELETE", "/brands/{slug}",                                  workspace, "accounts:write", delete_brand,
     "profiles.delete"},
    {"GET",    "/brands/{slug}/auth/status",                      workspace, "accounts:read",  show_status},

    {"POST",   "/brands/{slug}/tokens",                           workspace, "accounts:write", store_token,
     "accounts.import"},
    {"GET",    "/brands/{slug}/tokens/{platform}",                workspace, "accounts:read",  list_tokens},
    {"PATCH",  "/brands/{slug}/tokens/{platform}",                workspace, "accounts:write", refresh_token,
     "accounts.refresh"},
    {"DELETE", "/brands/{slug}/tokens/{platform}/{user}",         workspace, "accounts:write", delete_token,
     "accounts.disconnect"},
    {"POST",   "/brands/{slug}/tokens/{platform}/{user}/move",    workspace, "accounts:write", move_token,
     "accounts.update"},

    {"POST",   "/oauth/exchange",                                 workspace, "connect:write",  exchange_code,
     "accounts.connect"},

    {"POST",   "/api-keys",                                       workspace, "keys:write",     create_api_key,
     "api_keys.create"},
    {"GET",    "/api-keys",                                       workspace, "keys:write",     list_api_keys},
    {"PATCH",  "/api-keys/{key}",                                 workspace, "keys:write",     update_api_key,
     "api_keys.update"},
    {"DELETE", "/api-keys/{key}",                                 workspace, "keys:write",     revoke_api_key,
     "api_keys.revoke"},

    {"POST",   "/webhooks",                                       workspace, "webhooks:write", create_webhook,
     "webhooks.create"},
    {"GET",    "/webhooks",                                       workspace, "webhooks:write", list_webhooks},
    {"GET",    "/webhooks/{id}",                                  workspace, "webhooks:write", get_webhook},
    {"PATCH",  "/webhooks/{id}",                                  workspace, "webhooks:write", update_webhook,
     "webhooks.update"},
    {"DELETE", "/webhooks/{id}",                                  workspace, "webhooks:write", delete_webhook,
     "webhooks.delete"},
    {"POST",   "/webhooks/{id}/test",                             workspace, "webhooks:write", test_webhook,
     "webhooks.test"},
};
// clang-format on

// The vendor's clients are told the second.
constexpr std::string_view bases[] = {"", "/api-proxy"};

constexpr std::string_view platforms[] = {"x", "linkedin", "instagram", "threads", "youtube"};

std::string_view presented_key(http::request const& asked) {
    auto const bearer = http::bearer_token(asked);
    return bearer.empty() ? asked.header("x-api-key").value_or(std::string_view{}) : bearer;
}

struct word {
    unsigned ours;
    unsigned status;
    std::string_view code;
};

constexpr word words[] = {
    {400, 400, "validation_error"}, {401, 401, "unauthorized"},     {402, 402, "plan_limit"},
    {403, 403, "forbidden"},        {404, 404, "not_found"},        {405, 404, "not_found"},
    {409, 409, "conflict"},         {422, 400, "validation_error"}, {424, 409, "reconnect_required"},
    {429, 429, "rate_limited"},     {502, 500, "platform_error"},   {504, 500, "platform_error"},
};

// The code twice: the documents read it from `error`, the vendor's client from `code`.
http::response refuse(trouble const& found) {
    auto const* said = std::ranges::find(words, found.what.status, &word::ours);
    auto const other = word{500, 500, "internal_error"};
    auto const& shown = said == std::end(words) ? other : *said;
    return http::response::json(shown.status, boost::json::object{{"success", false},
                                                                  {"error", shown.code},
                                                                  {"code", shown.code},
                                                                  {"message", found.what.detail}});
}

// No session begins here.
parameter_list told(services::callback_answer const&) {
    return {};
}

// The reset is a moment, in seconds since 1970.
void tell_limit(call const& of, http::rate_limiter::standing const& now, http::response& answer) {
    auto const until = of.with.clock.now() + (now.remaining == 0 ? now.until_next : now.until_full);
    auto const seconds = std::chrono::ceil<std::chrono::seconds>(until.time_since_epoch());
    answer.set("X-RateLimit-Limit", std::to_string(of.with.limiter.chosen().quota));
    answer.set("X-RateLimit-Remaining", std::to_string(now.remaining));
    answer.set("X-RateLimit-Reset", std::to_string(seconds.count()));
}

constexpr std::string_view key_prefixes[] = {"sk-social-"};

} // namespace

constinit dialect const api{.name = "autoposting",
                            .mount = "/compat/autoposting",
                            .bases = bases,
                            .routes = routes,
                            .callbacks = {},
                            .key_prefixes = key_prefixes,
                            .presented_key = presented_key,
                            .refuse = refuse,
                            .told = told,
                            .deliveries = &deliveries,
                            .tell_limit = tell_limit};

http::response answer(boost::json::value data) {
    return http::response::json(200, boost::json::object{{"success", true}, {"data", std::move(data)}});
}

bool is_platform(std::string_view name) noexcept {
    return std::ranges::find(platforms, name) != std::end(platforms);
}

// The workspace of the key is all that it sees.
runtime::task<http::response> list_organizations(call of) {
    auto const owner = co_await of.services().workspaces.get(of.workspace().to_string());
    if (owner.has_error()) {
        co_return of.refuse(owner.error());
    }
    auto const id = owner->id.to_string();
    boost::json::array list{boost::json::object{{"id", id}, {"name", owner->name}, {"slug", owner->slug}}};
    co_return answer(boost::json::object{{"organizations", std::move(list)}, {"activeOrgId", id}});
}

// Which is active already, or none of the key's.
runtime::task<http::response> choose_organization(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto const wanted = body->text("organizationId");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (wanted != of.workspace().to_string()) {
        co_return of.refuse(services::errc::workspace_not_found);
    }
    co_return answer(boost::json::object{{"activeOrgId", wanted}});
}

runtime::task<http::response> show_caller(call of) {
    auto const owner = co_await of.services().workspaces.get(of.workspace().to_string());
    if (owner.has_error()) {
        co_return of.refuse(owner.error());
    }
    co_return answer(boost::json::object{{"id", of.who.key.to_string()},
                                         {"orgId", owner->id.to_string()},
                                         {"name", owner->name},
                                         {"email", nullptr},
                                         {"authType", "api_key"}});
}

} // namespace connectd::server::dialects::autoposting

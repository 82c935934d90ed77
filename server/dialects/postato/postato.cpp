#include "server/dialects/postato/postato.hpp"

#include "server/dialects/reading.hpp"
#include "server/dialects/views.hpp"
#include "server/http/bearer.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <set>

namespace connectd::server::dialects::postato {
namespace {

std::string_view status_of(services::account_view const& shown) {
    if (shown.status == "active") {
        return "connected";
    }
    return shown.status == "suspended" ? "suspended" : "token_expired";
}

// `username` is always there, `displayName` where the platform has one.
boost::json::object to_json(services::account_view const& shown) {
    boost::json::object account{
        {"id", shown.id.to_string()},
        {"platform", with_twitter(shown.platform)},
        {"username", shown.username.empty() ? shown.display_name : "@" + shown.username}};
    if (!shown.display_name.empty()) {
        account["displayName"] = shown.display_name;
    }
    account["status"] = status_of(shown);
    return account;
}

// What the vendor counts beside accounts, people and posts, is not here to be counted.
boost::json::object to_json(services::profile_view const& shown,
                            std::vector<services::account_view> const& accounts) {
    std::set<std::string_view> platforms;
    std::size_t connected = 0;
    for (auto const& each : accounts) {
        if (each.profile == shown.id) {
            platforms.insert(with_twitter(each.platform));
            ++connected;
        }
    }
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"createdAt", http::render_time(shown.created_at)},
            {"updatedAt", http::render_time(shown.updated_at)},
            {"connectedAccountCount", connected},
            {"connectedPlatforms", boost::json::array(platforms.begin(), platforms.end())},
            {"memberCount", 0},
            {"recentPostCount", 0}};
}

runtime::task<http::response> list_workspaces(call of) {
    auto const profiles = co_await all_profiles(of);
    auto const accounts = co_await all_accounts(of, {});
    if (profiles.has_error() || accounts.has_error()) {
        co_return of.refuse(profiles.has_error() ? profiles.error() : accounts.error());
    }
    boost::json::array items;
    for (auto const& each : *profiles) {
        items.push_back(to_json(each, *accounts));
    }
    co_return http::response::json(200, boost::json::object{{"items", std::move(items)}});
}

runtime::task<http::response> list_accounts(call of) {
    auto const where =
        co_await of.services().profiles.get(of.workspace(), of.asked.path_parameter("workspace"));
    if (where.has_error()) {
        co_return of.refuse(where.error());
    }
    auto const accounts = co_await all_accounts(of, {.platform = of.query("platform"),
                                                     .status = {},
                                                     .profile_id = where->id.to_string(),
                                                     .instance = {}});
    if (accounts.has_error()) {
        co_return of.refuse(accounts.error());
    }
    boost::json::array items;
    for (auto const& each : *accounts) {
        items.push_back(to_json(each));
    }
    co_return http::response::json(200, boost::json::object{{"items", std::move(items)}});
}

// The account of the path, in the workspace of the path. Errors: account_not_found.
runtime::task<services::outcome<services::account_view>> find_account(call of) {
    auto found = co_await of.services().accounts.get(of.workspace(), of.asked.path_parameter("account"));
    if (found.has_value() && found->profile.to_string() != of.asked.path_parameter("workspace")) {
        co_return services::errc::account_not_found;
    }
    co_return found;
}

runtime::task<http::response> get_account(call of) {
    auto const found = co_await find_account(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    if (found->status == "disconnected") { // deleted, to the vendor
        co_return of.refuse(services::failure{services::errc::account_not_found});
    }
    co_return http::response::json(200, to_json(*found));
}

runtime::task<http::response> delete_account(call of) {
    auto const account = co_await find_account(of);
    if (account.has_error()) {
        co_return of.refuse(account.error());
    }
    auto const gone = co_await of.services().disconnects.disconnect(of.workspace(), account->id.to_string(),
                                                                    {.row = services::row_wish::keep});
    co_return gone.has_error() ? of.refuse(gone.error()) : http::response::no_content();
}

// clang-format off
constexpr route routes[] = {
    {"GET",    "/v1/workspaces",                                access::workspace, "accounts:read",  list_workspaces},
    {"GET",    "/v1/workspaces/{workspace}/accounts",           access::workspace, "accounts:read",  list_accounts},
    {"GET",    "/v1/workspaces/{workspace}/accounts/{account}", access::workspace, "accounts:read",  get_account},
    {"DELETE", "/v1/workspaces/{workspace}/accounts/{account}", access::workspace, "accounts:write", delete_account,
     "accounts.disconnect"},

    {"POST",   "/v1/workspaces/{workspace}/webhooks",           access::workspace, "webhooks:write", create_webhook,
     "webhooks.create"},
    {"GET",    "/v1/workspaces/{workspace}/webhooks",           access::workspace, "webhooks:write", list_webhooks},
    {"DELETE", "/v1/workspaces/{workspace}/webhooks/{id}",      access::workspace, "webhooks:write", delete_webhook,
     "webhooks.delete"},
};
// clang-format on

http::response refuse(trouble const& found) {
    auto const& what = found.what;
    if (what.code == "scope_missing") {
        return http::response::json(403, boost::json::object{{"error", "permission_denied"},
                                                             {"required", found.scope},
                                                             {"granted", http::render_list(found.granted)},
                                                             {"message", what.detail}});
    }
    if (what.status == 422 || what.status == 400) {
        boost::json::object details;
        if (!found.field.empty()) {
            details[found.field] = boost::json::array{what.detail};
        }
        return http::response::json(400, boost::json::object{{"error", "INVALID_REQUEST"},
                                                             {"message", what.detail},
                                                             {"details", std::move(details)}});
    }
    std::string_view code = what.code;
    if (what.status == 401) {
        code = "unauthorized";
    } else if (what.status == 404) {
        code = "not_found";
    }
    return http::response::json(what.status, boost::json::object{{"error", code}, {"message", what.detail}});
}

// No session begins here.
parameter_list told(services::callback_answer const&) {
    return {};
}

constexpr std::string_view key_prefixes[] = {"smcp_"};

} // namespace

constinit dialect const api{.name = "postato",
                            .mount = "/compat/postato",
                            .bases = no_base,
                            .routes = routes,
                            .callbacks = {},
                            .key_prefixes = key_prefixes,
                            .presented_key = http::bearer_token,
                            .refuse = refuse,
                            .told = told,
                            .deliveries = &deliveries};

} // namespace connectd::server::dialects::postato

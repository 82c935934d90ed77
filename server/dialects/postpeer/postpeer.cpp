#include "server/dialects/postpeer/postpeer.hpp"

#include "server/dialects/views.hpp"

#include <charconv>
#include <utility>

namespace connectd::server::dialects::postpeer {
namespace {

constexpr auto open = access::open;
constexpr auto workspace = access::workspace;

runtime::task<http::response> health(call) {
    co_return http::response::json(200, boost::json::object{{"ok", true}});
}

// The documents and the vendor's client write some paths with a slash at the end.
// clang-format off
constexpr route routes[] = {
    {"GET",    "/v1/health",                    open,      {},                  health},
    {"GET",    "/v1/health/auth",               workspace, "accounts:read",     health},

    {"GET",    "/v1/connect/integrations",      workspace, "accounts:read",     list_integrations},
    {"DELETE", "/v1/connect/integrations/{id}", workspace, "accounts:write",    delete_integration,
     "accounts.disconnect"},
    {"POST",   "/v1/connect/bluesky/auth",      workspace, "connect:write",     connect_bluesky, "accounts.connect"},
    {"GET",    "/v1/connect/linkedin/selection/{token}", open, {},              show_selection},
    {"POST",   "/v1/connect/linkedin/selection/{token}", open, {},              submit_selection},
    {"GET",    "/v1/connect/{platform}",        workspace, "connect:write",     start_connect, "sessions.create"},

    {"GET",    "/v1/platforms",                 workspace, "accounts:read",     list_platforms},
    {"GET",    "/v1/pinterest/boards",          workspace, "proxy",             list_boards},

    {"POST",   "/v1/apps",                      workspace, "credentials:write", create_app, "credentials.create"},
    {"POST",   "/v1/apps/",                     workspace, "credentials:write", create_app, "credentials.create"},
    {"GET",    "/v1/apps",                      workspace, "credentials:read",  list_apps},
    {"GET",    "/v1/apps/",                     workspace, "credentials:read",  list_apps},
    {"GET",    "/v1/apps/{id}",                 workspace, "credentials:read",  get_app},
    {"PATCH",  "/v1/apps/{id}",                 workspace, "credentials:write", update_app, "credentials.update"},
    {"DELETE", "/v1/apps/{id}",                 workspace, "credentials:write", delete_app, "credentials.delete"},

    {"POST",   "/v1/profiles",                  workspace, "accounts:write",    create_profile, "profiles.create"},
    {"POST",   "/v1/profiles/",                 workspace, "accounts:write",    create_profile, "profiles.create"},
    {"GET",    "/v1/profiles",                  workspace, "accounts:read",     list_profiles},
    {"GET",    "/v1/profiles/",                 workspace, "accounts:read",     list_profiles},
    {"GET",    "/v1/profiles/{id}",             workspace, "accounts:read",     get_profile},
    {"PATCH",  "/v1/profiles/{id}",             workspace, "accounts:write",    update_profile, "profiles.update"},
    {"DELETE", "/v1/profiles/{id}",             workspace, "accounts:write",    delete_profile, "profiles.delete"},

    {"POST",   "/v1/notifications",             workspace, "webhooks:write",    create_notification,
     "webhooks.create"},
    {"POST",   "/v1/notifications/",            workspace, "webhooks:write",    create_notification,
     "webhooks.create"},
    {"GET",    "/v1/notifications",             workspace, "webhooks:write",    list_notifications},
    {"GET",    "/v1/notifications/",            workspace, "webhooks:write",    list_notifications},
    {"POST",   "/v1/notifications/test",        workspace, "webhooks:write",    test_notification,
     "webhooks.test"},
    {"GET",    "/v1/notifications/{id}",        workspace, "webhooks:write",    get_notification},
    {"PATCH",  "/v1/notifications/{id}",        workspace, "webhooks:write",    update_notification,
     "webhooks.update"},
    {"DELETE", "/v1/notifications/{id}",        workspace, "webhooks:write",    delete_notification,
     "webhooks.delete"},
};
// clang-format on

constexpr std::string_view callbacks[] = {"/v1/connect/{platform}/callback"};

std::string_view presented_key(http::request const& asked) {
    return asked.header("x-access-key").value_or(std::string_view{});
}

// Where the vendor has another status than ours, by our code or by our status.
unsigned status_of(services::refusal const& what) {
    if (what.code == "login_refused") {
        return 401;
    }
    if (what.code == "credentials_missing") {
        return 500; // "Platform credentials not configured"
    }
    if (what.code == "platform_unknown") {
        return 403; // "Platform not available"
    }
    switch (what.status) {
    case 402:
        return 403;
    case 410:
    case 422:
        return 400;
    case 504:
        return 502;
    default:
        return what.status;
    }
}

http::response refuse(trouble const& found) {
    bool const speaks = found.path.find("/v1/notifications") != std::string_view::npos;
    boost::json::object body{{speaks ? "message" : "error", found.what.detail}};
    if (speaks) {
        body["success"] = false;
    }
    return http::response::json(status_of(found.what), body);
}

parameter_list told(services::callback_answer const& ended) {
    std::string const platform{with_twitter(ended.platform)};
    if (ended.waiting) {
        return told_selection(ended, platform);
    }
    if (ended.why && ended.why->code == make_error_code(services::errc::consent_denied)) {
        return {{"status", "cancelled"}, {"platform", platform}};
    }
    if (ended.why) {
        return {{"status", "error"}, {"platform", platform}, {"error", services::public_code(*ended.why)}};
    }
    return {{"status", "success"},
            {"platform", platform},
            {"integrationId", ended.accounts.front().id.to_string()}};
}

} // namespace

constinit dialect const api{.name = "postpeer",
                            .mount = "/compat/postpeer",
                            .bases = no_base,
                            .routes = routes,
                            .callbacks = callbacks,
                            .key_prefixes = {},
                            .presented_key = presented_key,
                            .refuse = refuse,
                            .told = told,
                            .deliveries = &deliveries};

http::response answer(unsigned status, std::string_view name, boost::json::value value) {
    return http::response::json(status, boost::json::object{{"success", true}, {name, std::move(value)}});
}

http::response answer_done(std::string_view message) {
    return http::response::json(200, boost::json::object{{"success", true}, {"message", message}});
}

services::failure invalid(std::string field, std::string detail) {
    return {services::errc::field_invalid, std::move(detail), std::move(field)};
}

services::outcome<std::size_t> read_number(call const& of, std::string_view name, std::size_t fallback,
                                           std::size_t least, std::size_t most) {
    auto const text = of.query(name);
    if (!text) {
        return fallback;
    }
    std::size_t value = 0;
    auto const* end = text->data() + text->size();
    auto const [stop, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc{} || stop != end || value < least || value > most) {
        return invalid(std::string{name}, std::string{name} + " is a number from " + std::to_string(least) +
                                              " to " + std::to_string(most) + ".");
    }
    return value;
}

services::outcome<http::response> answer_page(call const& of, std::string_view name, boost::json::array all) {
    constexpr std::size_t any = 1'000'000;
    auto const page = read_number(of, "page", 1, 1, any);
    auto const limit = read_number(of, "limit", 50, 1, 100);
    if (page.has_error() || limit.has_error()) {
        return page.has_error() ? page.error() : limit.error();
    }
    auto const total = all.size();
    auto const from = std::min(total, (*page - 1) * *limit);
    auto const to = std::min(total, from + *limit);
    boost::json::array shown(all.begin() + static_cast<std::ptrdiff_t>(from),
                             all.begin() + static_cast<std::ptrdiff_t>(to));
    return http::response::json(200, boost::json::object{{"success", true},
                                                         {"total", total},
                                                         {"page", *page},
                                                         {"limit", *limit},
                                                         {name, std::move(shown)}});
}

} // namespace connectd::server::dialects::postpeer

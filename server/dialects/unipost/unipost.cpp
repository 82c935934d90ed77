#include "server/dialects/unipost/unipost.hpp"

#include "server/dialects/views.hpp"
#include "server/http/bearer.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace connectd::server::dialects::unipost {
namespace {

constexpr auto open = access::open;
constexpr auto workspace = access::workspace;

runtime::task<http::response> show_alive(call) {
    co_return http::response::json(200, boost::json::object{{"status", "ok"}, {"version", "0.1.0"}});
}

// clang-format off
constexpr route routes[] = {
    {"GET",    "/health",                                       open,      {},                  show_alive},

    {"POST",   "/v1/platform-credentials",                      workspace, "credentials:write", store_credentials,
     "credentials.create"},
    {"GET",    "/v1/platform-credentials",                      workspace, "credentials:read",  list_credentials},
    {"DELETE", "/v1/platform-credentials/{platform}",           workspace, "credentials:write", delete_credentials,
     "credentials.delete"},

    {"POST",   "/v1/connect/sessions",                          workspace, "connect:write",     create_session,
     "sessions.create"},
    {"GET",    "/v1/connect/sessions/{id}",                     workspace, "connect:write",     get_session},
    {"GET",    "/v1/public/connect/sessions/{id}",              open,      {},                  show_link},
    {"GET",    "/v1/public/connect/sessions/{id}/authorize",    open,      {},                  authorize_link},
    {"POST",   "/v1/public/connect/sessions/{id}/bluesky",      open,      {},                  submit_link_password},
    {"POST",   "/v1/oauth/connect",                             workspace, "connect:write",     begin_oauth,
     "sessions.create"},
    {"GET",    "/v1/profiles/{profile}/oauth/connect/{platform}", workspace, "connect:write",   begin_profile_oauth,
     "sessions.create"},
    {"GET",    "/v1/pending-connections/{id}",                  workspace, "connect:write",     get_pending},
    {"POST",   "/v1/pending-connections/{id}/finalize",         workspace, "connect:write",     finalize_pending,
     "sessions.choose"},
    {"POST",   "/v1/accounts/connect",                          workspace, "connect:write",     connect_account,
     "accounts.connect"},
    {"POST",   "/v1/profiles/{profile}/accounts/connect",       workspace, "connect:write",     connect_to_profile,
     "accounts.connect"},

    {"GET",    "/v1/accounts",                                  workspace, "accounts:read",     list_accounts},
    {"GET",    "/v1/profiles/{profile}/accounts",               workspace, "accounts:read",     list_profile_accounts},
    {"DELETE", "/v1/accounts/{id}",                             workspace, "accounts:write",    delete_account,
     "accounts.disconnect"},
    {"DELETE", "/v1/profiles/{profile}/accounts/{id}",          workspace, "accounts:write",    delete_account,
     "accounts.disconnect"},
    {"POST",   "/v1/accounts/{id}/dismiss",                     workspace, "accounts:write",    dismiss_account,
     "accounts.disconnect"},
    {"GET",    "/v1/accounts/{id}/health",                      workspace, "accounts:read",     show_health},
    // As the vendor's older clients call them.
    {"POST",   "/v1/social-accounts/connect",                   workspace, "connect:write",     connect_account,
     "accounts.connect"},
    {"GET",    "/v1/social-accounts",                           workspace, "accounts:read",     list_accounts},
    {"GET",    "/v1/social-accounts/{id}",                      workspace, "accounts:read",     get_account},
    {"GET",    "/v1/social-accounts/{id}/health",               workspace, "accounts:read",     show_health},
    {"DELETE", "/v1/social-accounts/{id}",                      workspace, "accounts:write",    delete_account,
     "accounts.disconnect"},
    {"GET",    "/v1/accounts/{id}/pinterest/boards",            workspace, "proxy",             list_boards},
    {"POST",   "/v1/accounts/{id}/pinterest/boards",            workspace, "proxy",             make_board},

    {"GET",    "/v1/profiles",                                  workspace, "accounts:read",     list_profiles},
    {"POST",   "/v1/profiles",                                  workspace, "accounts:write",    create_profile,
     "profiles.create"},
    {"GET",    "/v1/profiles/{profile}",                        workspace, "accounts:read",     get_profile},
    {"PATCH",  "/v1/profiles/{profile}",                        workspace, "accounts:write",    update_profile,
     "profiles.update"},
    {"DELETE", "/v1/profiles/{profile}",                        workspace, "accounts:write",    delete_profile,
     "profiles.delete"},
    {"GET",    "/v1/users",                                     workspace, "accounts:read",     list_users},
    {"GET",    "/v1/users/{user}",                              workspace, "accounts:read",     get_user},
    {"POST",   "/v1/users/{user}/dismiss",                      workspace, "accounts:write",    dismiss_user,
     "accounts.disconnect"},
    {"GET",    "/v1/profiles/{profile}/users",                  workspace, "accounts:read",     list_profile_users},
    {"GET",    "/v1/profiles/{profile}/users/{user}",           workspace, "accounts:read",     get_profile_user},
    {"POST",   "/v1/profiles/{profile}/users/{user}/dismiss",   workspace, "accounts:write",    dismiss_profile_user,
     "accounts.disconnect"},
    {"GET",    "/v1/workspace",                                 workspace, "accounts:read",     get_workspace},

    {"POST",   "/v1/api-keys",                                  workspace, "keys:write",        create_api_key,
     "api_keys.create"},
    {"GET",    "/v1/api-keys",                                  workspace, "keys:write",        list_api_keys},
    {"DELETE", "/v1/api-keys/{id}",                             workspace, "keys:write",        revoke_api_key,
     "api_keys.revoke"},

    {"POST",   "/v1/webhooks",                                  workspace, "webhooks:write",    create_webhook,
     "webhooks.create"},
    {"GET",    "/v1/webhooks",                                  workspace, "webhooks:write",    list_webhooks},
    {"GET",    "/v1/webhooks/{id}",                             workspace, "webhooks:write",    get_webhook},
    {"PATCH",  "/v1/webhooks/{id}",                             workspace, "webhooks:write",    update_webhook,
     "webhooks.update"},
    {"POST",   "/v1/webhooks/{id}/rotate",                      workspace, "webhooks:write",    rotate_webhook,
     "webhooks.rotate_secret"},
    {"DELETE", "/v1/webhooks/{id}",                             workspace, "webhooks:write",    delete_webhook,
     "webhooks.delete"},
};
// clang-format on

constexpr std::string_view callbacks[] = {"/v1/connect/callback/{platform}", "/v1/oauth/callback/{platform}"};

struct word {
    unsigned status;
    std::string_view code;
};

constexpr word words[] = {
    {400, "bad_request"},    {401, "unauthorized"},      {402, "plan_feature_not_available"},
    {403, "forbidden"},      {404, "not_found"},         {405, "method_not_allowed"},
    {409, "conflict"},       {413, "payload_too_large"}, {422, "validation_error"},
    {429, "rate_limited"},   {500, "internal_error"},    {502, "upstream_error"},
    {504, "upstream_error"},
};

// Where one of our codes says more than its status.
word word_of(services::refusal const& what) {
    if (what.code == "login_refused") {
        return {401, "unauthorized"};
    }
    for (auto const own : {profile_name_taken, no_pages_selected, unknown_page}) {
        if (what.code == own) {
            return {what.status, own};
        }
    }
    if (what.code == "profile_in_use") {
        return {409, "profile_not_empty"};
    }
    if (what.code == "profile_is_default") {
        return {409, "default_profile_protected"};
    }
    for (auto const& each : words) {
        if (each.status == what.status) {
            return each;
        }
    }
    return {what.status, what.code};
}

std::string in_capitals(std::string text) {
    for (char& c : text) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return text;
}

http::response refuse(trouble const& found) {
    auto const said = word_of(found.what);
    boost::json::object error{{"code", in_capitals(std::string{said.code})},
                              {"normalized_code", said.code},
                              {"message", found.what.detail}};
    if (!found.field.empty()) {
        error["issues"] = boost::json::array{{{"field", found.field}, {"message", found.what.detail}}};
    }
    return http::response::json(
        said.status, boost::json::object{{"error", std::move(error)}, {"request_id", found.request_id}});
}

// Why a session failed, in the vendor's words where it has one.
std::string reason_of(services::failure const& why) {
    using services::errc;
    auto const is = [&](errc code) { return why.code == make_error_code(code); };
    if (is(errc::code_refused) || is(errc::consent_failed) || is(errc::app_refused)) {
        return "token_exchange_failed";
    }
    if (is(errc::platform_unavailable) || is(errc::platform_timeout) || is(errc::platform_answer_invalid)) {
        return "profile_fetch_failed";
    }
    if (is(errc::platform_account_missing)) {
        return "facebook_page_not_available";
    }
    return services::public_code(why);
}

// For one's own accounts. What a program has to choose is a pending connection; what the end user has to, is
// chosen on our page.
parameter_list told_owner(services::callback_answer const& ended) {
    if (ended.waiting) {
        return ended.waiting->browser ? parameter_list{}
                                      : parameter_list{{"pending", ended.session.to_string()}};
    }
    if (ended.why) {
        return {{"status", "error"}, {"error", services::public_code(*ended.why)}};
    }
    auto const& account = ended.accounts.front();
    return {{"status", "success"},
            {"account_name", account.username.empty() ? account.display_name : account.username}};
}

parameter_list told(services::callback_answer const& ended) {
    if (ended.dialect == own_accounts) {
        return told_owner(ended);
    }
    if (ended.waiting) { // the choice is made on our page
        return {};
    }
    if (!ended.why) {
        return {{"connect_status", "success"}};
    }
    if (ended.why->code == make_error_code(services::errc::consent_denied)) {
        return {{"connect_status", "cancelled"}};
    }
    return {{"connect_status", "error"}, {"reason", reason_of(*ended.why)}};
}

constexpr std::string_view key_prefixes[] = {"up_live_", "up_test_"};

} // namespace

constinit dialect const api{.name = "unipost",
                            .mount = "/compat/unipost",
                            .bases = no_base,
                            .routes = routes,
                            .callbacks = callbacks,
                            .key_prefixes = key_prefixes,
                            .presented_key = http::bearer_token,
                            .refuse = refuse,
                            .told = told,
                            .deliveries = &deliveries};

http::response answer(unsigned status, boost::json::value data, call const& of) {
    return http::response::json(
        status, boost::json::object{{"data", std::move(data)}, {"request_id", of.asked.request_id}});
}

http::response answer_list(boost::json::array data, call const& of, std::size_t total) {
    auto const shown = data.size();
    return http::response::json(
        200, boost::json::object{{"data", std::move(data)},
                                 {"meta", {{"total", std::max(total, shown)}, {"limit", shown}}},
                                 {"request_id", of.asked.request_id}});
}

} // namespace connectd::server::dialects::unipost

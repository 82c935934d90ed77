#include "tools/sandbox/mastodon/mastodon_platform.hpp"

#include "tools/sandbox/mastodon/registration.hpp"
#include "tools/sandbox/mastodon/rules.hpp"
#include "tools/sandbox/mastodon/words.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/time_text.hpp"

#include <array>
#include <utility>

namespace connectd::sandbox::mastodon {
namespace {

constexpr std::string_view avatar_folder = "/avatars/";

// A path and the name that faults and the journal have for it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> paths{{
    {"/api/v1/apps", "apps"},
    {"/oauth/token", "token"},
    {"/oauth/revoke", "revoke"},
    {"/api/v1/accounts/verify_credentials", "verify_credentials"},
    {"/oauth/userinfo", "userinfo"},
    {"/api/v1/statuses", "statuses"},
    {"/.well-known/oauth-authorization-server", "metadata"},
    {"/api/v2/instance", "instance"},
}};

} // namespace

mastodon_platform::mastodon_platform(platform_parts const& parts)
    : oauth_platform{rules([this]() -> sandbox::switches const& { return switches(); }), parts},
      token_endpoint_{apps(), grants()},
      api_{{persons(), apps(), grants(), events(), posts(), limits(), switches(), url()}} {}

// In place of "{instance}": whichever instance a user names, this one is called.
platform::config_lines mastodon_platform::configuration() const {
    return {{"authorize_url", url() + std::string{authorize_path}},
            {"token_url", url() + "/oauth/token"},
            {"revoke_url", url() + "/oauth/revoke"},
            {"identity_url", url() + "/api/v1/accounts/verify_credentials"},
            {"registration_url", url() + "/api/v1/apps"},
            {"api_base", url()}};
}

std::span<std::string_view const> mastodon_platform::endpoints() const {
    static constexpr std::array<std::string_view, 12> names{
        "apps",     "authorize",          "consent",  "token",    "refresh", "revoke", "statuses",
        "userinfo", "verify_credentials", "metadata", "instance", "other"};
    return names;
}

std::span<std::string_view const> mastodon_platform::switch_names() const {
    static constexpr std::array<std::string_view, 3> names{old_server, fork, fresh_tokens};
    return names;
}

std::span<std::string_view const> mastodon_platform::traits() const {
    static constexpr std::array<std::string_view, 1> names{disabled_account};
    return names;
}

std::string_view mastodon_platform::endpoint(call const& request) const {
    if (request.path == authorize_path)
        return request.method == "POST" ? "consent" : "authorize";
    for (auto const& [path, name] : paths) {
        if (request.path == path)
            return name == "token" ? oauth::token_or_refresh(request) : name;
    }
    return "other";
}

reply mastodon_platform::answer(call const& request, sys_ms now) {
    if (request.method == "GET")
        return get(request, now);
    return request.method == "POST" ? post(request, now) : api_error(404, "Record not found");
}

reply mastodon_platform::get(call const& request, sys_ms now) {
    if (request.path == authorize_path)
        return authorization().page(request, now);
    if (request.path.starts_with(avatar_folder))
        return api_.avatar(request);
    auto const what = endpoint(request);
    if (what == "verify_credentials")
        return api_.verify_credentials(request, now);
    if (what == "userinfo")
        return api_.userinfo(request, now);
    if (what == "metadata")
        return api_.metadata();
    return what == "instance" ? api_.instance() : api_error(404, "Record not found");
}

reply mastodon_platform::post(call const& request, sys_ms now) {
    auto const what = endpoint(request);
    if (what == "consent")
        return authorization().decide(request, now);
    if (what == "apps")
        return register_app(request, apps(), switches());
    if (what == "token" || what == "refresh")
        return token_endpoint_.token(request, now);
    if (what == "revoke")
        return token_endpoint_.revoke(request, now);
    if (what == "userinfo")
        return api_.userinfo(request, now);
    return what == "statuses" ? api_.post_status(request, now) : api_error(404, "Record not found");
}

reply mastodon_platform::error(std::string_view endpoint, unsigned status, sys_ms) const {
    if ((endpoint == "token" || endpoint == "refresh") && status == 401)
        return oauth::error_reply(401, "invalid_client",
                                  "Client authentication failed due to unknown client.");
    if (status == 429)
        return api_error(429, "Too many requests");
    return status >= 500 ? api_error(status, "We're sorry, but something went wrong on our end.")
                         : api_error(status, "This action is not allowed");
}

reply mastodon_platform::success_without_token(std::string_view endpoint) const {
    if (endpoint == "token" || endpoint == "refresh")
        return json_reply(200, boost::json::object{{"token_type", "Bearer"}, {"scope", "profile"}});
    return json_reply(200, boost::json::object{});
}

void mastodon_platform::reset() {
    oauth_platform::reset();
    api_.reset();
}

} // namespace connectd::sandbox::mastodon

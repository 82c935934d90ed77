#include "tools/sandbox/tiktok/tiktok_platform.hpp"

#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/pictures.hpp"
#include "tools/sandbox/tiktok/rules.hpp"
#include "tools/sandbox/tiktok/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace connectd::sandbox::tiktok {
namespace {

// A path and the name that faults and the journal have for it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> paths{{
    {"/v2/oauth/token/", "token"},
    {"/v2/oauth/revoke/", "revoke"},
    {"/v2/user/info/", "user_info"},
    {"/v2/post/publish/creator_info/query/", "creator_info"},
    {"/v2/post/publish/content/init/", "content_init"},
    {"/v2/post/publish/video/init/", "video_init"},
    {"/v2/post/publish/inbox/video/init/", "inbox_init"},
    {"/v2/post/publish/status/fetch/", "status"},
    {"/upload", "upload"},
}};

bool is_oauth(std::string_view endpoint) {
    return endpoint == "token" || endpoint == "refresh" || endpoint == "revoke";
}

} // namespace

tiktok_platform::tiktok_platform(platform_parts const& parts)
    : oauth_platform{rules(), parts},
      token_endpoint_{apps(), grants(), switches()},
      gate_{grants(), limits()},
      api_{persons(), gate_, url()},
      publishing_{persons(), apps(), gate_, events(), posts(), url()} {}

platform::config_lines tiktok_platform::configuration() const {
    return {{"authorize_url", url() + std::string{authorize_path}},
            {"token_url", url() + "/v2/oauth/token/"},
            {"refresh_url", url() + "/v2/oauth/token/"},
            {"revoke_url", url() + "/v2/oauth/revoke/"},
            {"identity_url", url() + "/v2/user/info/"},
            {"api_base", url() + "/v2"}};
}

// A connectd on this machine can only have an app for Desktop.
std::vector<oauth::app> tiktok_platform::first_apps(std::vector<std::string> redirect_uris) const {
    auto const fits = [&](bool for_desktop) {
        return !redirect_uris.empty() && std::ranges::all_of(redirect_uris, [&](auto const& uri) {
            return redirect_problem(uri, for_desktop).empty();
        });
    };
    bool const here = fits(true);
    if (!here && !fits(false))
        return {};
    auto made = oauth_platform::first_apps(std::move(redirect_uris));
    if (here)
        made.front().flags = {std::string{desktop}, std::string{verified_media}};
    return made;
}

std::span<std::string_view const> tiktok_platform::endpoints() const {
    static constexpr std::array<std::string_view, 13> names{
        "authorize",    "consent",    "token",      "refresh", "revoke", "user_info", "creator_info",
        "content_init", "video_init", "inbox_init", "status",  "upload", "other"};
    return names;
}

std::span<std::string_view const> tiktok_platform::switch_names() const {
    static constexpr std::array<std::string_view, 1> names{errors_with_status};
    return names;
}

std::span<std::string_view const> tiktok_platform::traits() const {
    return person_traits();
}

void tiktok_platform::reset() {
    oauth_platform::reset();
    publishing_.clear();
}

std::string_view tiktok_platform::endpoint(call const& request) const {
    if (request.path == authorize_path)
        return request.method == "POST" ? "consent" : "authorize";
    for (auto const& [path, name] : paths) {
        if (request.path == path)
            return name == "token" ? oauth::token_or_refresh(request) : name;
    }
    return "other";
}

reply tiktok_platform::answer(call const& request, sys_ms now) {
    auto const what = endpoint(request);
    if (what == "upload")
        return request.method == "PUT" ? publishing_.upload(request, now)
                                       : reply{405, "", {{"Allow", "PUT"}}, ""};
    if (request.method == "GET")
        return get(request, what, now);
    return request.method == "POST" ? post(request, what, now)
                                    : api_error(405, "invalid_params", "Unsupported method", now);
}

reply tiktok_platform::get(call const& request, std::string_view what, sys_ms now) {
    if (what == "authorize")
        return authorization().page(request, now);
    if (what == "user_info")
        return api_.user_info(request, now);
    if (request.path.starts_with(picture_folder))
        return picture(request, persons());
    return api_error(404, "invalid_params", "Unsupported path(Janus)", now);
}

reply tiktok_platform::post(call const& request, std::string_view what, sys_ms now) {
    if (what == "consent")
        return authorization().decide(request, now);
    if (what == "token" || what == "refresh")
        return token_endpoint_.token(request, now);
    if (what == "revoke")
        return token_endpoint_.revoke(request, now);
    if (what == "creator_info")
        return publishing_.creator_info(request, now);
    if (what == "content_init")
        return publishing_.begin_photo(request, now);
    if (what == "video_init" || what == "inbox_init")
        return publishing_.begin_video(request, what == "video_init" ? post_kind::video : post_kind::draft,
                                       now);
    return what == "status" ? publishing_.status(request, now)
                            : api_error(404, "invalid_params", "Unsupported path(Janus)", now);
}

reply tiktok_platform::error(std::string_view endpoint, unsigned status, sys_ms now) const {
    if (is_oauth(endpoint)) {
        if (status >= 500 || status == 429)
            return oauth_error(status, "temporarily_unavailable", "The service is temporarily unavailable.",
                               now);
        return oauth_error(status, "invalid_request", "The request parameters are malformed.", now);
    }
    if (status == 429)
        return api_error(status, "rate_limit_exceeded",
                         "The API rate limit was exceeded. Please try again later.", now);
    return status >= 500 ? api_error(status, "internal_error", "Internal error", now)
                         : api_error(status, "invalid_params", "One or more parameters are invalid.", now);
}

reply tiktok_platform::success_without_token(std::string_view endpoint) const {
    return json_reply(200, is_oauth(endpoint)
                               ? boost::json::object{{"token_type", "Bearer"}, {"scope", "user.info.basic"}}
                               : boost::json::object{});
}

} // namespace connectd::sandbox::tiktok

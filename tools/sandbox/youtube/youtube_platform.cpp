#include "tools/sandbox/youtube/youtube_platform.hpp"

#include "tools/sandbox/html.hpp"
#include "tools/sandbox/oauth/id_token.hpp"
#include "tools/sandbox/oauth/pages.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/pictures.hpp"
#include "tools/sandbox/youtube/accounts.hpp"
#include "tools/sandbox/youtube/errors.hpp"
#include "tools/sandbox/youtube/rules.hpp"
#include "tools/sandbox/youtube/scopes.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::youtube {
namespace {

struct place {
    std::string_view path, endpoint, methods;
};
constexpr std::array<place, 11> places{{
    {token_path, "token", "POST"},
    {revoke_path, "revoke", "POST"},
    {authorize_path, "authorize", "GET, POST"},
    {channels_path, "channels", "GET"},
    {playlists_path, "playlists", "POST"},
    {comments_path, "comments", "POST"},
    {upload_path, "upload", "POST, PUT"},
    {userinfo_path, "userinfo", "GET"},
    {tokeninfo_path, "tokeninfo", "GET"},
    {discovery_path, "discovery", "GET"},
    {keys_path, "keys", "GET"},
}};

place const* find_place(std::string_view path) {
    auto const* const found = std::ranges::find(places, path, &place::path);
    return found == places.end() ? nullptr : found;
}

reply wrong_method(std::string_view allowed) {
    auto answer = plain_error(405);
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

// Views inside of apps, where anybody could read the password.
bool is_embedded(call const& request) {
    return request.header("user-agent").value_or("").find("; wv)") != std::string_view::npos;
}

} // namespace

youtube_platform::youtube_platform(platform_parts const& parts)
    : oauth_platform{rules(), parts},
      token_endpoint_{persons(), apps(), grants(), url()},
      gate_{persons(), apps(), grants(), limits()},
      api_{gate_, posts(), events(), url()},
      uploads_{gate_, posts(), events(), url()} {}

platform::config_lines youtube_platform::configuration() const {
    auto const at = [this](std::string_view path) { return url() + std::string{path}; };
    return {{"authorize_url", at(authorize_path)},
            {"token_url", at(token_path)},
            {"revoke_url", at(revoke_path)},
            {"identity_url", at(channels_path) + "?part=snippet&mine=true"},
            {"api_base", url()}};
}

std::span<std::string_view const> youtube_platform::traits() const {
    return person_traits();
}

std::span<std::string_view const> youtube_platform::endpoints() const {
    static constexpr std::array<std::string_view, 15> names{
        "authorize", "consent",   "token",     "refresh", "revoke",
        "channels",  "playlists", "comments",  "upload",  "upload_chunk",
        "userinfo",  "tokeninfo", "discovery", "keys",    "other"};
    return names;
}

std::string_view youtube_platform::endpoint(call const& request) const {
    auto const* const found = find_place(request.path);
    if (found == nullptr)
        return "other";
    if (found->path == token_path)
        return oauth::token_or_refresh(request);
    if (found->path == authorize_path && request.method == "POST")
        return "consent";
    if (found->path == upload_path && request.method == "PUT")
        return "upload_chunk";
    return found->endpoint;
}

reply youtube_platform::answer(call const& request, sys_ms now) {
    if (request.path.starts_with(picture_folder))
        return request.method == "GET" ? picture(request, persons()) : wrong_method("GET");
    auto const* const found = find_place(request.path);
    if (found == nullptr)
        return plain_error(404);
    if (found->methods.find(request.method) == std::string_view::npos)
        return wrong_method(found->methods);
    if (found->path == authorize_path)
        return authorize(request, now);
    if (request.method == "PUT")
        return uploads_.put(request, now);
    return request.method == "POST" ? answer_post(request, now) : answer_get(request, now);
}

reply youtube_platform::answer_post(call const& request, sys_ms now) {
    if (request.path == token_path)
        return token_endpoint_.token(request, now);
    if (request.path == revoke_path)
        return token_endpoint_.revoke(request, now);
    if (request.path == playlists_path)
        return api_.insert_playlist(request, now);
    return request.path == comments_path ? api_.insert_comment(request, now) : uploads_.open(request, now);
}

reply youtube_platform::answer_get(call const& request, sys_ms now) {
    if (request.path == channels_path)
        return api_.channels(request, now);
    if (request.path == userinfo_path)
        return userinfo(request, now);
    if (request.path == tokeninfo_path)
        return token_endpoint_.tokeninfo(request, now);
    return json_reply(200, request.path == keys_path ? oauth::id_token_keys() : discovery(url()));
}

reply youtube_platform::authorize(call const& request, sys_ms now) {
    if (is_embedded(request))
        return html_reply(403, oauth::error_page("Google", "disallowed_useragent: Google doesn't allow this "
                                                           "request from embedded web views."));
    return request.method == "GET" ? authorization().page(request, now)
                                   : authorization().decide(request, now);
}

reply youtube_platform::userinfo(call const& request, sys_ms now) const {
    auto const token = request.bearer();
    auto const allowed = token ? grants().check(*token, now) : std::nullopt;
    if (!allowed)
        return oauth::error_reply(401, "invalid_request", "Invalid Credentials");
    auto const wanted = oauth::scope_set::of({scope::openid, scope::email, scope::profile});
    if (!wanted.has_any(allowed->scopes))
        return oauth::error_reply(403, "insufficient_scope", "Insufficient Permission");
    return json_reply(200, user_info(*persons().at(allowed->person), allowed->scopes, url()));
}

reply youtube_platform::error(std::string_view endpoint, unsigned status, sys_ms) const {
    bool const oauth = endpoint == "token" || endpoint == "refresh" || endpoint == "revoke";
    if (!oauth)
        return plain_error(status);
    if (status == 401)
        return oauth::error_reply(status, "invalid_client", "Unauthorized");
    return status < 429 ? oauth::error_reply(status, "invalid_grant", "Bad Request")
                        : oauth::error_reply(status, "internal_failure", "Internal Error");
}

reply youtube_platform::success_without_token(std::string_view endpoint) const {
    if (endpoint == "token" || endpoint == "refresh")
        return json_reply(200, boost::json::object{{"expires_in", 3599}, {"token_type", "Bearer"}});
    return json_reply(200, boost::json::object{});
}

void youtube_platform::reset() {
    oauth_platform::reset();
    uploads_.clear();
}

} // namespace connectd::sandbox::youtube

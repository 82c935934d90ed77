#include "tools/sandbox/x/x_platform.hpp"

#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/x/problem.hpp"
#include "tools/sandbox/x/rules.hpp"

#include <boost/json/object.hpp>

#include <array>

namespace connectd::sandbox::x {
namespace {

constexpr std::string_view token_path = "/2/oauth2/token";
constexpr std::string_view revoke_path = "/2/oauth2/revoke";
constexpr std::string_view me_path = "/2/users/me";
constexpr std::string_view tweets_path = "/2/tweets";
constexpr std::string_view image_folder = "/profile_images/";

reply wrong_method(std::string_view allowed) {
    auto answer = plain_problem(405);
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

} // namespace

x_platform::x_platform(platform_parts const& parts)
    : oauth_platform{rules(), parts},
      token_endpoint_{apps(), grants()},
      api_{persons(), grants(), events(), posts(), limits(), url()} {}

platform::config_lines x_platform::configuration() const {
    return {{"authorize_url", url() + std::string{authorize_path}},
            {"token_url", url() + std::string{token_path}},
            {"refresh_url", url() + std::string{token_path}},
            {"revoke_url", url() + std::string{revoke_path}},
            {"identity_url", url() + std::string{me_path}},
            {"api_base", url() + "/2"}};
}

std::vector<oauth::app> x_platform::first_apps(std::vector<std::string> redirect_uris) const {
    auto all = oauth_platform::first_apps(redirect_uris);
    all.push_back({std::string{oauth::first_public_client_id}, "", "Sandbox Native App", false,
                   std::move(redirect_uris)});
    return all;
}

std::span<std::string_view const> x_platform::endpoints() const {
    static constexpr std::array<std::string_view, 8> names{"authorize", "consent",  "token",  "refresh",
                                                           "revoke",    "users_me", "tweets", "other"};
    return names;
}

std::string_view x_platform::endpoint(call const& request) const {
    if (request.path == token_path)
        return oauth::token_or_refresh(request);
    if (request.path == me_path)
        return "users_me";
    if (request.path == authorize_path)
        return request.method == "POST" ? "consent" : "authorize";
    if (request.path == revoke_path)
        return "revoke";
    if (request.path == tweets_path)
        return "tweets";
    return "other";
}

reply x_platform::answer(call const& request, sys_ms now) {
    bool const get = request.method == "GET";
    bool const post = request.method == "POST";
    if (request.path == token_path)
        return post ? token_endpoint_.token(request, now) : wrong_method("POST");
    if (request.path == me_path)
        return get ? api_.users_me(request, now) : wrong_method("GET");
    if (request.path == authorize_path) {
        if (get)
            return authorization().page(request, now);
        return post ? authorization().decide(request, now) : wrong_method("GET, POST");
    }
    if (request.path == revoke_path)
        return post ? token_endpoint_.revoke(request, now) : wrong_method("POST");
    if (request.path == tweets_path)
        return post ? api_.create_tweet(request, now) : wrong_method("POST");
    if (request.path.starts_with(image_folder))
        return get ? api_.profile_image(request) : wrong_method("GET");
    return plain_problem(404);
}

reply x_platform::error(std::string_view endpoint, unsigned status, sys_ms now) const {
    bool const oauth = endpoint == "token" || endpoint == "refresh" || endpoint == "revoke";
    if (oauth && status < 429)
        return oauth::error_reply(status, "invalid_request", "Value passed for the token was invalid.");
    auto answer = plain_problem(status);
    if (status == 429) {
        answer.headers.emplace_back("x-rate-limit-limit", "75");
        answer.headers.emplace_back("x-rate-limit-remaining", "0");
        answer.headers.emplace_back("x-rate-limit-reset", std::to_string(unix_seconds(now) + 900));
    }
    return answer;
}

reply x_platform::success_without_token(std::string_view endpoint) const {
    if (endpoint == "token" || endpoint == "refresh")
        return json_reply(200, boost::json::object{{"token_type", "bearer"},
                                                   {"expires_in", access_lifetime.count()},
                                                   {"scope", "users.read tweet.read"}});
    return json_reply(200, boost::json::object{});
}

} // namespace connectd::sandbox::x

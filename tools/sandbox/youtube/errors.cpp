#include "tools/sandbox/youtube/errors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace connectd::sandbox::youtube {

reply error_reply(api_error const& what) {
    boost::json::object entry{
        {"message", what.short_message.empty() ? std::string_view{what.message} : what.short_message},
        {"domain", what.domain},
        {"reason", what.reason}};
    if (!what.location.empty()) {
        entry.emplace("location", what.location);
        entry.emplace("locationType", what.location_type);
    }
    boost::json::object error{
        {"code", what.code}, {"message", what.message}, {"errors", boost::json::array{std::move(entry)}}};
    if (!what.status.empty())
        error.emplace("status", what.status);
    auto answer = json_reply(what.code, boost::json::object{{"error", std::move(error)}});
    if (what.code == 401)
        answer.headers.emplace_back("WWW-Authenticate",
                                    R"(Bearer realm="https://accounts.google.com/", error="invalid_token")");
    return answer;
}

reply unauthenticated() {
    return error_reply({.code = 401,
                        .reason = "authError",
                        .message = "Request had invalid authentication credentials. Expected OAuth 2 access "
                                   "token, login cookie or other valid authentication credential. See "
                                   "https://developers.google.com/identity/sign-in/web/devconsole-project.",
                        .short_message = "Invalid Credentials",
                        .location = "Authorization",
                        .location_type = "header",
                        .status = "UNAUTHENTICATED"});
}

reply signup_required() {
    return error_reply({.code = 401,
                        .reason = "youtubeSignupRequired",
                        .message = "Unauthorized",
                        .domain = "youtube.header",
                        .location = "Authorization",
                        .location_type = "header"});
}

reply insufficient_permissions() {
    return error_reply({.code = 403,
                        .reason = "insufficientPermissions",
                        .message = "Request had insufficient authentication scopes.",
                        .short_message = "Insufficient Permission",
                        .status = "PERMISSION_DENIED"});
}

reply quota_exceeded() {
    return error_reply({.code = 403,
                        .reason = "quotaExceeded",
                        .message = "The request cannot be completed because you have exceeded your quota.",
                        .domain = "youtube.quota"});
}

reply invalid_argument(std::string_view reason, std::string_view message, std::string_view domain,
                       std::string_view location) {
    return error_reply({.code = 400,
                        .reason = reason,
                        .message = std::string{message},
                        .domain = domain,
                        .location = location,
                        .location_type = domain == "youtube.part" ? "parameter" : "other"});
}

reply not_found(std::string_view reason, std::string_view message) {
    return error_reply(
        {.code = 404, .reason = reason, .message = std::string{message}, .status = "NOT_FOUND"});
}

reply plain_error(unsigned status) {
    switch (status) {
    case 401:
        return unauthenticated();
    case 403:
        return quota_exceeded();
    case 404:
        return not_found("notFound", "Requested entity was not found.");
    case 429:
        return error_reply({.code = status,
                            .reason = "rateLimitExceeded",
                            .message = "Resource has been exhausted (e.g. check quota).",
                            .status = "RESOURCE_EXHAUSTED"});
    default:
        return error_reply({.code = status,
                            .reason = status < 500 ? "badRequest" : "backendError",
                            .message = status < 500 ? "Bad Request" : "Backend Error"});
    }
}

} // namespace connectd::sandbox::youtube

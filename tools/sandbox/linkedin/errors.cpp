#include "tools/sandbox/linkedin/errors.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::linkedin {

reply service_error(unsigned status, int service_error_code, std::string_view code,
                    std::string_view message) {
    boost::json::object body{{"status", status}};
    if (service_error_code != 0)
        body["serviceErrorCode"] = service_error_code;
    body["code"] = code;
    body["message"] = message;
    return json_reply(status, body, "application/json");
}

reply refused_token(oauth::refusal reason) {
    switch (reason) {
    case oauth::refusal::token_expired:
        return service_error(401, 65602, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired");
    case oauth::refusal::token_revoked:
        return service_error(401, 65601, "REVOKED_ACCESS_TOKEN",
                             "The token used in the request has been revoked by the user");
    default:
        return service_error(401, 65600, "INVALID_ACCESS_TOKEN", "Invalid access token");
    }
}

reply missing_token() {
    return service_error(401, 65604, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token");
}

reply access_denied(std::string_view resource) {
    return service_error(403, 100, "ACCESS_DENIED",
                         "Not enough permissions to access: " + std::string{resource});
}

reply day_limit(std::string_view whose) {
    return service_error(429, 101, "TOO_MANY_REQUESTS",
                         "Resource level throttle " + std::string{whose} +
                             " DAY limit for calls to this resource is reached.");
}

reply invalid_field(std::string_view pointer, std::string_view problem) {
    auto const message = "ERROR :: " + std::string{pointer} + " :: " + std::string{problem};
    return json_reply(422, boost::json::object{{"message", message}, {"status", 422}}, "application/json");
}

reply no_such_resource() {
    return service_error(404, 0, "RESOURCE_NOT_FOUND", "No virtual resource found");
}

reply wrong_method(std::string_view allowed) {
    auto answer = service_error(405, 0, "METHOD_NOT_ALLOWED", "No such method on this resource");
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

} // namespace connectd::sandbox::linkedin

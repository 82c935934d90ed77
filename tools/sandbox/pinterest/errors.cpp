#include "tools/sandbox/pinterest/errors.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::pinterest {

reply failure(unsigned status, int code, std::string_view message) {
    return json_reply(status,
                      boost::json::object{{"code", code}, {"message", message}, {"status", "failure"}},
                      "application/json");
}

reply authentication_failed() {
    return failure(401, 2, "Authentication failed.");
}

reply restricted_feature(std::string_view feature) {
    return failure(
        401, 3, "Your application does not have access to this restricted feature: " + std::string{feature});
}

reply invalid_grant() {
    return failure(401, 283, "The authorization grant is invalid");
}

reply not_permitted() {
    return failure(403, 29, "You are not permitted to access that resource.");
}

reply invalid_request(std::string_view problem) {
    return failure(400, 1, "Invalid request: " + std::string{problem});
}

reply board_not_found() {
    return failure(404, 40, "Board not found.");
}

reply rate_limited() {
    return failure(429, 8, "You have exceeded your rate limit. Try again later.");
}

reply not_found() {
    return failure(404, 12, "The requested resource was not found.");
}

reply wrong_method(std::string_view allowed) {
    auto answer = failure(405, 11, "Method not allowed.");
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

} // namespace connectd::sandbox::pinterest

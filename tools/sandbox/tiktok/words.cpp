#include "tools/sandbox/tiktok/words.hpp"

#include "tools/sandbox/time_text.hpp"

#include <algorithm>

namespace connectd::sandbox::tiktok {
namespace {

// The moment in digits, which is how TikTok's begin.
std::string log_id(sys_ms now) {
    auto text = format_time(now);
    std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
    return text + "A1B2C3D4E5F6";
}

boost::json::object api_body(boost::json::object data, std::string_view code, std::string_view message,
                             sys_ms now) {
    return {{"data", std::move(data)},
            {"error", boost::json::object{{"code", code}, {"message", message}, {"log_id", log_id(now)}}}};
}

} // namespace

reply oauth_error(unsigned status, std::string_view error, std::string_view description, sys_ms now) {
    return json_reply(
        status,
        boost::json::object{{"error", error}, {"error_description", description}, {"log_id", log_id(now)}});
}

reply api_success(boost::json::object data, sys_ms now) {
    return json_reply(200, api_body(std::move(data), "ok", "", now));
}

reply api_error(unsigned status, std::string_view code, std::string_view message, sys_ms now) {
    return json_reply(status, api_body({}, code, message, now));
}

reply scope_not_authorized(sys_ms now) {
    return api_error(401, "scope_not_authorized",
                     "The user did not authorize the scope required for completing this request.", now);
}

} // namespace connectd::sandbox::tiktok

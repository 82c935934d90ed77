#include "tools/sandbox/oauth/replies.hpp"

namespace connectd::sandbox::oauth {

reply error_reply(unsigned status, std::string_view error, std::string_view description) {
    return token_reply({{"error", error}, {"error_description", description}}, status);
}

reply token_reply(boost::json::object const& body, unsigned status) {
    auto answer = json_reply(status, body);
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

std::string_view token_or_refresh(call const& request) {
    return request.body.find("grant_type=refresh_token") != std::string_view::npos ? "refresh" : "token";
}

} // namespace connectd::sandbox::oauth

#include "tools/sandbox/bluesky/xrpc.hpp"

#include <boost/json/parse.hpp>

#include <string>

namespace connectd::sandbox::bluesky {

reply xrpc_error(unsigned status, std::string_view name, std::string_view message) {
    return json_reply(status, boost::json::object{{"error", name}, {"message", message}});
}

reply invalid_request(std::string_view message) {
    return xrpc_error(400, "InvalidRequest", message);
}

std::variant<boost::json::object, reply> read_input(call const& request) {
    if (request.body.empty())
        return invalid_request("A request body is expected but none was provided");
    auto const type = request.header("content-type");
    if (!type)
        return invalid_request("Request encoding (Content-Type) required but not provided");
    if (!request.has_content_type("application/json"))
        return invalid_request("Wrong request encoding (Content-Type): " + std::string{*type});
    boost::system::error_code error;
    auto value = boost::json::parse(request.body, error);
    if (error || !value.is_object())
        return invalid_request("Input must be an object");
    return std::move(value.get_object());
}

std::optional<reply> refuse_input(call const& request) {
    if (!request.body.empty())
        return invalid_request("A request body was provided when none was expected");
    if (request.header("content-type"))
        return invalid_request("A Content-Type was provided although the request has no body");
    return std::nullopt;
}

text_member read_text(boost::json::object const& input, std::string_view name) {
    auto const* const member = input.if_contains(name);
    if (member == nullptr)
        return {{}, invalid_request("Input must have the property \"" + std::string{name} + "\"")};
    if (!member->is_string())
        return {{}, invalid_request("Input/" + std::string{name} + " must be a string")};
    return {member->get_string(), {}};
}

std::variant<claims, reply> read_bearer(call const& request, jwt_signer const& signer, std::string_view type,
                                        sys_ms now, bool allow_expired) {
    if (!request.header("authorization"))
        return xrpc_error(401, "AuthMissing", "Authentication Required");
    auto const token = request.bearer();
    if (!token)
        return xrpc_error(400, "InvalidToken", "Unexpected authorization type");
    auto const verified = signer.verify(*token, type, now, allow_expired);
    if (auto const* const content = std::get_if<claims>(&verified))
        return *content;
    if (std::get<jwt_fault>(verified) == jwt_fault::expired)
        return xrpc_error(400, "ExpiredToken", "Token has expired");
    return xrpc_error(400, "InvalidToken", "Token could not be verified");
}

void announce(reply& answer, rate_limit const& limit, rate_standing const& standing) {
    answer.headers.emplace_back("RateLimit-Limit", std::to_string(standing.limit));
    answer.headers.emplace_back("RateLimit-Remaining", std::to_string(standing.remaining));
    answer.headers.emplace_back("RateLimit-Reset", std::to_string(standing.reset));
    answer.headers.emplace_back("RateLimit-Policy",
                                std::to_string(limit.points) + ";w=" + std::to_string(limit.window.count()));
}

reply rate_limited(rate_limit const& limit, rate_standing const& standing) {
    auto answer = xrpc_error(429, "RateLimitExceeded", "Rate Limit Exceeded");
    announce(answer, limit, standing);
    return answer;
}

} // namespace connectd::sandbox::bluesky

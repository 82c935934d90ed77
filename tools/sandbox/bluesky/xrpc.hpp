// The manners of XRPC (atproto.com/specs/xrpc and the reference server's checks, August 2026): the error
// shape, what a body and its Content-Type must be, who the bearer is, and the RateLimit headers. Values and
// pure functions, any thread.
#pragma once

#include "tools/sandbox/bluesky/jwt.hpp"
#include "tools/sandbox/message.hpp"
#include "tools/sandbox/rate_limits.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>
#include <variant>

namespace connectd::sandbox::bluesky {

reply xrpc_error(unsigned status, std::string_view name, std::string_view message);

// 400 InvalidRequest, the commonest.
reply invalid_request(std::string_view message);

// A procedure's JSON input, or the refusal of what came instead.
std::variant<boost::json::object, reply> read_input(call const& request);

// The refusal of a body, or of a Content-Type without one, where a method takes no input.
std::optional<reply> refuse_input(call const& request);

// A required member that must be text. `refusal` is set when it is missing or of another type.
struct text_member {
    std::string_view value; // into the object
    std::optional<reply> refusal;
};
text_member read_text(boost::json::object const& input, std::string_view name);

// The claims of a bearer token of that type, or the refusal.
std::variant<claims, reply> read_bearer(call const& request, jwt_signer const& signer, std::string_view type,
                                        sys_ms now, bool allow_expired = false);

// RateLimit-Limit, -Remaining, -Reset (Unix seconds) and -Policy.
void announce(reply& answer, rate_limit const& limit, rate_standing const& standing);

reply rate_limited(rate_limit const& limit, rate_standing const& standing);

} // namespace connectd::sandbox::bluesky

// Answers that OAuth 2.0 servers word alike. Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace connectd::sandbox::oauth {

// {"error":...,"error_description":...}, as RFC 6749 section 5.2 has it.
reply error_reply(unsigned status, std::string_view error, std::string_view description);

// A body with tokens in it, which nobody may keep (RFC 6749 section 5.1).
reply token_reply(boost::json::object const& body, unsigned status = 200);

// "refresh" for a form that asks for a refresh, otherwise "token": faults tell the two apart.
std::string_view token_or_refresh(call const& request);

} // namespace connectd::sandbox::oauth

// Turns a request into the bytes that go on the wire. No I/O; any thread.
#pragma once

#include "platforms/error.hpp"
#include "platforms/http/message.hpp"
#include "platforms/http/target.hpp"

#include <string>
#include <string_view>

namespace connectd::platforms::http {

// Errors: invalid_request for a method or header name that is not a token, a header value with a control
// character (which could smuggle in further headers), or a header that is the client's own business.
result<void> check_request(request const& what) noexcept;

// Appends status line and header fields, empty line included, to `out`. Requires: check_request() passed.
void write_head(std::string& out, request const& what, target const& where, std::string_view user_agent);

} // namespace connectd::platforms::http

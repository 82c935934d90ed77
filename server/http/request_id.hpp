#pragma once

// The id under which a request is found in logs and error answers. Any thread.

#include <string>
#include <string_view>

namespace connectd::server::http {

// 1 to 128 of A-Z a-z 0-9 . _ - : safe to repeat in headers and logs.
bool is_sane_request_id(std::string_view text) noexcept;

// 96 random bits, base64url.
std::string make_request_id();

} // namespace connectd::server::http

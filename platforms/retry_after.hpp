// How long a platform asks us to wait. Functions only; callable from any thread.
#pragma once

#include "platforms/http/client.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace connectd::platforms {

// An HTTP date in any of the three forms of RFC 9110 section 5.6.7, or nothing.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

// The answer's Retry-After, bounded to a day. A date counts from the answer's own Date header, which needs no
// clock here and no agreement between clocks; without a Date header it is ignored.
std::optional<std::chrono::seconds> retry_after(http::response const& answer);

} // namespace connectd::platforms

// Times as text: RFC 3339, the only form the platforms and the control API use. Pure functions.
#pragma once

#include "tools/sandbox/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox {

// 2026-09-01T07:00:00.000Z
std::string format_time(sys_ms time);

// Takes a date and time with seconds, an optional fraction and a zone ('Z' or an offset). Nothing when the
// text has another form, lacks the zone or names a day that does not exist.
std::optional<sys_ms> parse_time(std::string_view text);

std::int64_t unix_seconds(sys_ms time);

} // namespace connectd::sandbox

// Times that callers send. Pure functions, any thread.
#pragma once

#include "server/runtime/clock.hpp"

#include <optional>
#include <string_view>

namespace connectd::server::http {

// RFC 3339: 2026-09-01T07:00:00Z, with or without a fraction of a second, in UTC or with an offset. What is
// finer than a millisecond is cut off. Nothing for anything else.
std::optional<runtime::sys_ms> read_time(std::string_view text);

} // namespace connectd::server::http

#pragma once

// Times as people and programs read them. Pure, any thread.

#include "server/runtime/clock.hpp"

#include <string>

namespace connectd::server::runtime {

// RFC 3339 in UTC with milliseconds: 2026-09-01T07:00:00.000Z.
std::string time_text(sys_ms when);

} // namespace connectd::server::runtime

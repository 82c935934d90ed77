#pragma once

// How one event becomes one line. Only `log` and its tests use this; free of state, any thread.
//
// Whatever text comes in, one line goes out: control characters (C0, DEL, C1, the Unicode line separators)
// and bytes that are not UTF-8 are escaped, so that nobody can forge a second event or talk to the reader's
// terminal. Long text is cut at a character and marked with "...".

#include "server/runtime/clock.hpp"
#include "server/runtime/log_fields.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace connectd::server::runtime::log {

// In bytes before escaping.
inline constexpr std::size_t message_limit = 2048;
inline constexpr std::size_t value_limit = 1024;

// Appends `text` in the notation of a JSON string, without the quotes around it.
void append_escaped(std::string& line, std::string_view text, std::size_t limit);

// {"time":"2026-03-01T10:00:00.000Z","level":"info","message":"...","key":value}
std::string json_line(sys_ms time, level at, std::string_view message, fields with);

// 2026-03-01T10:00:00.000Z info    message key=value key="a value"
std::string text_line(sys_ms time, level at, std::string_view message, fields with);

} // namespace connectd::server::runtime::log

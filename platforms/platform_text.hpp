// Text that came from a platform, made safe to keep and show: bounded, valid UTF-8, no control characters. It
// stays untrusted and is never logged whole, because platforms echo what they were sent. Callable from any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace connectd::platforms {

constexpr std::size_t longest_platform_code = 64;
constexpr std::size_t longest_platform_message = 300;
constexpr std::size_t longest_platform_name = 512;
constexpr std::size_t longest_platform_scope = 200;
constexpr std::size_t most_platform_scopes = 200; // of one grant

// At most `limit` bytes, cut between characters. Control characters (C0, DEL, C1, line and paragraph
// separators, bidirectional overrides) become a space; bytes that are not UTF-8 become "?"; surrounding
// spaces go.
std::string platform_text(std::string_view text, std::size_t limit);

} // namespace connectd::platforms

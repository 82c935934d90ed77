// What vendors share about webhooks. Pure functions, any thread.
#pragma once

#include <span>
#include <string_view>

namespace connectd::server::dialects {

// Whether a vendor has the event; one of its words can be "clip.render.*".
bool is_event_word(std::span<std::string_view const> words, std::string_view asked) noexcept;

} // namespace connectd::server::dialects

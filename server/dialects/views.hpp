// What several vendors show of what services give. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::dialects {

// Four of the five call X by its old name.
std::string_view with_twitter(std::string_view platform) noexcept;

// A text member of stored metadata; nothing where there is none.
std::optional<std::string> metadata_text(std::string_view metadata, std::string_view name);

// Whether two of the vendors could have made this slug, and the one they would make of a name.
bool is_slug(std::string_view text) noexcept;
std::string slug_from(std::string_view name);

} // namespace connectd::server::dialects

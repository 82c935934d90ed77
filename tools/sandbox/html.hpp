// What every page of the sandbox shares: escaping, the frame with its style, and pictures of people. Pure
// functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace connectd::sandbox {

// For text and for attribute values in double quotes.
std::string escape_html(std::string_view text);

// A whole document around `content`, which is markup already. `platform` names the pretend platform in the
// ribbon.
std::string html_page(std::string_view title, std::string_view platform, std::string_view content);

// A picture for a person: initials on a colour that belongs to the id.
std::string avatar_svg(std::string_view display_name, std::string_view id);

} // namespace connectd::sandbox

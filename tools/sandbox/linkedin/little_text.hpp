// LinkedIn's "little text" (commentary of /rest/posts): reserved characters must be escaped with a backslash,
// and a text is cut off without a word at the first one that is not. Mentions `@[Name](urn:li:...)` stand as
// they are. Pure function, any thread.
#pragma once

#include <string>
#include <string_view>

namespace connectd::sandbox::linkedin {

// What readers of the post see.
std::string shown_text(std::string_view commentary);

} // namespace connectd::sandbox::linkedin

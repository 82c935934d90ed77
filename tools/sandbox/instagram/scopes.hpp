// The permissions of Instagram Login, which is a product of its own: names of Facebook Login are none here.
// Values; any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

#include <cstdint>

namespace connectd::sandbox::instagram {

// In the order in which answers list them.
enum class scope : std::uint8_t { basic, content_publish, manage_comments, manage_messages, manage_insights };

oauth::scope_catalog const& scopes();

} // namespace connectd::sandbox::instagram

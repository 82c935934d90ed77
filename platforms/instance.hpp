// Platforms that are many servers: which server a user means, and the platform as it is there.
// Functions only, no I/O; callable from any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"

#include <string>
#include <string_view>

namespace connectd::platforms {

// The origin that a user means by "mastodon.example", "@ada@mastodon.example",
// "https://Mastodon.example/@ada" or "mastodon.example/": https, lower case, international names as they go
// on the wire, a port kept, no slash at the end. Errors: errc::invalid_instance.
result<std::string> parse_instance(std::string_view typed);

// `platform` with every "{instance}" replaced by `origin`, its API base included, and user_given set.
// Requires: platform.instances is `host`, and `origin` is from parse_instance.
descriptor at_instance(descriptor const& platform, std::string_view origin);

} // namespace connectd::platforms

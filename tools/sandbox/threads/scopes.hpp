// The permissions of Threads. Values; any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

#include <cstdint>

namespace connectd::sandbox::threads {

// In the order in which answers list them.
enum class scope : std::uint8_t {
    basic,
    content_publish,
    read_replies,
    manage_replies,
    manage_insights,
    delete_posts,
    keyword_search,
    manage_mentions,
    location_tagging,
    profile_discovery,
    share_to_instagram,
};

oauth::scope_catalog const& scopes();

} // namespace connectd::sandbox::threads

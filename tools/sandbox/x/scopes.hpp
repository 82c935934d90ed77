// The scopes of X's OAuth 2.0 (docs.x.com, OAuth 2.0 scopes, autumn 2026). Values; any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

#include <cstdint>

namespace connectd::sandbox::x {

// In the order in which answers list them, which is not the order in which clients ask.
enum class scope : std::uint8_t {
    tweet_write,
    users_read,
    tweet_read,
    offline_access,
    media_write,
    users_email,
    tweet_moderate_write,
    follows_read,
    follows_write,
    space_read,
    mute_read,
    mute_write,
    like_read,
    like_write,
    list_read,
    list_write,
    block_read,
    block_write,
    bookmark_read,
    bookmark_write,
    dm_read,
    dm_write,
};

oauth::scope_catalog const& scopes();

} // namespace connectd::sandbox::x

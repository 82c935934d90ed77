// The scopes of Mastodon (docs.joinmastodon.org, OAuth scopes, July 2026): those that a publisher may need,
// and what a broad one covers. Values; any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

namespace connectd::sandbox::mastodon {

enum class scope : std::uint8_t {
    profile, // 4.3 and later
    read,
    read_accounts,
    read_statuses,
    read_notifications,
    write,
    write_accounts,
    write_media,
    write_statuses,
    follow,
    push,
};

oauth::scope_catalog const& scopes();

// Whether a token with `granted` may do what `needed` allows: "read" covers every "read:...", "write"
// likewise.
bool covers(oauth::scope_set granted, scope needed);

} // namespace connectd::sandbox::mastodon

// How a platform's codes and tokens live, as data: each personality fills in one of these, and the grants
// beside it do the rest. Values; any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox::oauth {

enum class token_kind : std::uint8_t { code, access, refresh, long_lived };
std::string_view to_string(token_kind kind);

// A span that has no end.
constexpr std::chrono::seconds endless = std::chrono::seconds::max();

enum class refreshing : std::uint8_t {
    never,   // there are no refresh tokens
    keeps,   // one refresh token, for as many uses as its life allows
    rotates, // each works once and gives its successor
};

// What comes of a code or refresh token that was used before.
enum class replay : std::uint8_t { is_refused, ends_grant };

// What goes when a client revokes a token.
enum class revoking : std::uint8_t {
    token,  // that one alone
    grant,  // everything of its grant
    person, // every grant of that person to that client and its siblings
};

struct refresh_policy {
    refreshing how = refreshing::never;
    std::chrono::seconds lifetime = endless;
    // Whether its life begins anew with each use; otherwise it counts from the consent.
    bool renews = true;
    // How long a rotated token goes on giving successors.
    std::chrono::seconds grace{0};
    replay spent = replay::is_refused;
};

// Meta's way: a short token is exchanged for a long one, which is its own refresh token.
struct long_lived_policy {
    std::chrono::seconds lifetime = endless;
    // A long one may be exchanged again as if it were short.
    bool exchanged_again = false;
    // Before this age, since it was issued or extended, a token cannot be extended.
    std::chrono::seconds minimum_age{0};
    // Extending moves the end of the same token; otherwise it gives another, and the old one lives on.
    bool extended_in_place = true;
};

// Random, with nothing around it.
std::string plain_token(token_kind kind, sys_ms now);

// Every app stands alone.
constexpr std::string_view no_siblings(std::string_view client_id) {
    return client_id;
}

struct policy {
    std::string_view platform{}; // for the journal; in static storage
    std::chrono::seconds code_lifetime{600};
    replay spent_code = replay::is_refused;
    std::chrono::seconds access_lifetime{3600};
    // No access token outlives the refresh token of its grant.
    bool access_within_refresh = false;
    refresh_policy refresh{};
    std::optional<long_lived_policy> long_lived{};
    revoking revocation = revoking::token;
    // Whose siblings an app has: those for which this gives the same text as for its own client id.
    std::string_view (*family_of)(std::string_view client_id) = no_siblings;
    // Of living grants with a refresh token of one person to one client; the oldest goes without a word. 0:
    // no limit.
    std::size_t most_of_a_person = 0;
    // Requires: no two calls give the same text.
    std::string (*make_token)(token_kind kind, sys_ms now) = plain_token;
};

} // namespace connectd::sandbox::oauth

// What a connect attempt that got its tokens has in hand. Owns its secrets; move-only.
#pragma once

#include "platforms/error.hpp"
#include "platforms/identity.hpp"
#include "platforms/token_set.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::platforms {

// One of the accounts that a grant reaches: a page, an organisation, or the person itself.
struct candidate {
    identity who;
    std::string kind;            // the descriptor's word: "page", "organization", "person"
    crypto::secret access_token; // its own token; empty: the grant's token serves it
};

// The tokens of a good exchange, and who they belong to. A failed identity call leaves the tokens with the
// caller: it can ask again with fetch_identity, or revoke them.
struct connected {
    token_set tokens;
    outcome<identity> who; // the person who consented
    // Not set: the grant is for `who` and nobody else. Set: one of these has to be chosen, and it is never
    // empty: a grant that reaches nothing fails with errc::nothing_to_connect.
    std::optional<outcome<std::vector<candidate>>> candidates = {};
};

// The tokens to store for a chosen candidate. Where it has an access token of its own that is the account's,
// without an end and without a refresh token, and the grant's tokens are kept in `extras` for refreshing and
// revoking (token_set.hpp); else they are the grant's. `granted` stays usable for the next candidate.
token_set tokens_of(token_set const& granted, candidate const& chosen);

// A connect attempt that waits for a choice, as one secret to seal, and back. Identities travel with it, so
// that nothing has to be asked twice; a `who` that failed comes back as a temporary failure. Lifetimes are
// kept as they are: they count from the exchange, which whoever waits must know. Requires of the first:
// `candidates` holds a list. Errors of the second: errc::damaged_token_material. The format is in
// connected.cpp.
crypto::secret encode_pending_choice(connected const& waiting);
result<connected> decode_pending_choice(crypto::secret const& material);

} // namespace connectd::platforms

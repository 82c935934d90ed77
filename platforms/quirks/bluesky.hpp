// Bluesky (AT Protocol) by app password: what its descriptor cannot say as data.
// Facts: atproto.com/specs/{handle,did,xrpc} and the reference PDS, checked August 2026.
//
// An account lives on its own server (PDS). The user types a handle, DID or e-mail and an app password; the
// handle leads to a DID, the DID to a document, the document to the PDS; the login happens there. An e-mail
// cannot be resolved and goes to the entryway. URLs that come from a handle or a document come from strangers
// and are sent with user_given_url.
//
// The identifiers' functions have no I/O and are callable from any thread. The coroutines belong to the
// thread of their client; client, descriptor and token_set must outlive them, the rest is handed over by
// value. They use the descriptor's endpoints entryway_url, plc_url, resolve_handle_url and profile_url, and
// its error table.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/connected.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/http/client.hpp"
#include "platforms/quirks/bluesky_identifier.hpp"
#include "platforms/task.hpp"

#include <string>

namespace connectd::platforms::bluesky {

// Where an account lives.
struct location {
    std::string did; // empty after an e-mail
    std::string pds; // origin, no trailing slash
    bool user_given = true;
};

// Errors: errc::identifier_not_found (refused) for an unknown handle or DID, errc::malformed_answer for a
// document that does not fit, else as the network says.
task<outcome<location>> locate(http::client& client, descriptor const& platform, identifier who,
                               deadline until);

// Logs in. The tokens carry both JWTs, their ends by the JWTs' own `exp`, and the PDS's origin in api_base.
// The profile's failure never fails the login: the handle stands in for the display name. Errors: of locate;
// errc::credentials_refused, errc::second_factor_required, errc::account_suspended (refused).
task<outcome<connected>> connect(http::client& client, descriptor const& platform, identifier who,
                                 crypto::secret app_password, deadline until);

// The tokens of a session that another program has begun, with what it takes to go on with it: the account's
// server, found through its DID, and the ends that the JWTs name. The session itself is not asked. Requires:
// is_did(did). Errors: of locate.
task<outcome<token_set>> adopt(http::client& client, descriptor const& platform, std::string did,
                               token_set begun, deadline until);

// The three that connector calls for a platform with the quirk `bluesky`. Requires: current.api_base, and for
// the first two the refresh token.
task<outcome<token_set>> refresh(http::client& client, descriptor const& platform, token_set const& current,
                                 deadline until);
task<outcome<void>> revoke(http::client& client, descriptor const& platform, token_set const& current,
                           deadline until);
task<outcome<identity>> fetch_identity(http::client& client, descriptor const& platform,
                                       token_set const& current, deadline until);

} // namespace connectd::platforms::bluesky

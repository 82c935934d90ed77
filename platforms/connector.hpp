// Runs the calls of a connection over an HTTP client: exchange, identity, refresh, revoke.
//
// Thread safety: belongs to the thread of its client, like the coroutines it makes.
// Object lifetimes: does not own the client, the descriptors or the secrets behind app_credentials; all must
// outlive every call. Everything else is handed over by value. Each operation has one deadline, for all the
// requests it makes.
//
// Network errors become verdicts: nothing sent (resolve, connect, handshake, refused address) is temporary;
// anything after the request may have left is unknown_outcome for exchange, refresh and login, since the
// platform may have acted on it, and temporary for the identity and revoke calls, which can simply be
// repeated.
#pragma once

#include "platforms/connected.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"
#include "platforms/identity.hpp"
#include "platforms/oauth2.hpp"
#include "platforms/task.hpp"
#include "platforms/token_set.hpp"

#include <string>

namespace connectd::platforms {

class connector {
  public:
    explicit connector(http::client& client) noexcept : client_(client) {}

    // Exchanges the code of a callback. `verifier` is the PKCE verifier (may be empty where the platform has
    // none).
    task<outcome<token_set>> exchange_code(descriptor const& platform, app_credentials app, std::string code,
                                           std::string redirect_uri, crypto::secret verifier, deadline until);

    // The whole connect under one deadline: the exchange, the long-lived exchange where there is one, the
    // identity, and the list of candidates where the platform has one and the grant reaches it. The error is
    // the exchanges'; those of the identity and of the candidates are in the value.
    task<outcome<connected>> connect(descriptor const& platform, app_credentials app, std::string code,
                                     std::string redirect_uri, crypto::secret verifier, deadline until);

    // Refreshes. `current` must outlive the call. For Bluesky `current.api_base` is the account's PDS. An
    // answer without a refresh token leaves refresh_token unset: keep the old one. What `current.extras`
    // holds and the answer does not say again is in the answer's extras too.
    task<outcome<token_set>> refresh(descriptor const& platform, app_credentials app,
                                     token_set const& current, deadline until);

    // Who `tokens` belong to. `tokens` must outlive the call; `tokens.api_base` is used where not empty.
    task<outcome<identity>> fetch_identity(descriptor const& platform, token_set const& tokens,
                                           deadline until);

    // Revokes every token the descriptor names; tries them all and reports the first failure. A platform
    // without a revoke endpoint is a success: there is nothing to do. `tokens` must outlive the call.
    task<outcome<void>> revoke(descriptor const& platform, app_credentials app, token_set const& tokens,
                               deadline until);

  private:
    http::client& client_;
};

} // namespace connectd::platforms

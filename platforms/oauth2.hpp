// The requests of OAuth 2.0 (RFC 6749, RFC 7636, RFC 7009) as values. No I/O, no clock; callable from any
// thread. Where a descriptor is user given, so is every request made from it.
//
// Requests carry secrets in headers and bodies: they go to the client and nowhere else, never into a log.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/http/client.hpp"
#include "platforms/token_set.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace connectd::platforms {

// A workspace's application on a platform. An empty secret is a public client. Does not own the secret, which
// must outlive every call that uses it, as must the previous one.
struct app_credentials {
    std::string client_id;
    crypto::secret const& client_secret;
    // While the secret is being changed the platform may know the old one only: the calls of a connector that
    // are refused for the application's sake are made once more with it.
    crypto::secret const* previous_secret = nullptr;
};

// The scopes an authorization asks for: `wanted`, or the platform's defaults when empty, with the required
// ones added.
std::vector<std::string> requested_scopes(descriptor const& platform, std::vector<std::string> const& wanted);

// Where the browser is sent. `verifier` is the PKCE verifier, unused where the platform has none; `scopes` as
// from requested_scopes. Every value is percent-encoded with %20 for a space: some platforms take a plus
// literally.
std::string authorize_url(descriptor const& platform, std::string_view client_id,
                          std::string_view redirect_uri, std::string_view state, std::string_view verifier,
                          std::vector<std::string> const& scopes);

// The code exchange.
http::request token_request(descriptor const& platform, app_credentials const& app, std::string_view code,
                            std::string_view redirect_uri, std::string_view verifier);

// The exchange of a fresh short-lived access token for a long-lived one. Requires: the descriptor has the
// endpoint `long_lived_url`.
http::request long_lived_request(descriptor const& platform, app_credentials const& app,
                                 crypto::secret const& access_token);

// The refresh: with the refresh token, or for the model `extend` with the access token itself.
// Requires: that token is present.
http::request refresh_request(descriptor const& platform, app_credentials const& app,
                              token_set const& current);

// The revocations of what `tokens` holds, in the descriptor's order; none when the platform has no revoke
// endpoint. With `revoke.grant_token` they are of the grant that a chosen candidate came from
// (connected.hpp), where there is one.
std::vector<http::request> revoke_requests(descriptor const& platform, app_credentials const& app,
                                           token_set const& tokens);

// The identity call. `tokens.api_base` (may be empty) is the account's own and replaces "{api_base}" in the
// URL; a base that is not the descriptor's own marks the request as user given. Of the descriptor's fields
// those are asked for that `tokens.scopes` allow.
http::request identity_request(descriptor const& platform, token_set const& tokens);

// A GET of `path` ("/me/permissions") below the API base, with the token. `api_base` as above.
http::request api_request(descriptor const& platform, std::string_view path, parameters const& query,
                          crypto::secret const& access_token, std::string_view api_base);

// The first page of the accounts that a grant reaches; `api_base` as above. The next ones are asked by
// candidates.hpp. Requires: the descriptor has the endpoint `candidates_url`.
http::request candidates_request(descriptor const& platform, crypto::secret const& access_token,
                                 std::string_view api_base);

} // namespace connectd::platforms

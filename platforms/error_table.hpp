// Turns a platform's refusal into a verdict: first by the descriptor's error table, then by these defaults.
// Where the platform itself says that the trouble passes (`transient`), the verdict is temporary at most.
//
//   429, slow_down                                    temporary, errc::rate_limited
//   5xx, 408, 425, a body that is not JSON            temporary, errc::platform_unavailable
//   temporarily_unavailable, server_error             temporary, errc::platform_unavailable
//   invalid_grant                                     refused, errc::grant_refused
//   access_denied                                     refused, errc::access_denied
//   invalid_client, unauthorized_client               operator fault, errc::client_refused
//   invalid_scope, unsupported_grant_type, 402        operator fault, errc::request_refused
//   insufficient_scope                                operator fault, errc::scope_missing
//   401 to an identity or API call                    refused, errc::grant_refused
//   3xx (never followed) and every other 4xx          operator fault, errc::request_refused: an unknown
//   refusal must not
//                                                     disconnect an account
//   2xx                                               temporary, errc::malformed_answer
//
// Functions only; callable from any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"

#include <boost/json/value.hpp>

#include <optional>

namespace connectd::platforms {

// The failure that `answer` describes. `body` is the parsed body (json_text.hpp), null when it is not JSON.
failure classify(descriptor const& platform, call_kind call, http::response const& answer,
                 boost::json::value const* body);

// What went wrong with a revocation, or nothing. A token that the platform no longer accepts is as good as
// revoked.
std::optional<failure> revoke_failure(descriptor const& platform, http::response const& answer);

// Whether an answer to a proxied call says that the access token is dead, so that one refresh and one more
// try make sense. Without rules in the descriptor: status 401.
bool says_dead_token(descriptor const& platform, http::response const& answer);

// Whether an answer to an identity call says that the token is too young to be known everywhere, so that
// asking again a moment later makes sense.
bool says_fresh_token(descriptor const& platform, http::response const& answer);

} // namespace connectd::platforms

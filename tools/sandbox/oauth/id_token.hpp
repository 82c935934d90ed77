// ID tokens as OpenID providers issue them: JWTs signed with RS256, and the JSON Web Key Set (RFC 7517) that
// clients check them by.
//
// Threads: pure functions, any thread. All sandboxes of a process share one key, made when the first token is
// signed: an RSA key takes a while. Errors: std::runtime_error when OpenSSL refuses.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace connectd::sandbox::oauth {

// The claims as given, with `kid`, `alg` and `typ` in the header.
std::string sign_id_token(boost::json::object const& claims);

// {"keys":[...]} with the one public key.
boost::json::object id_token_keys();

// Left half of a SHA-256 in base64url: `at_hash` and `c_hash` of OpenID Connect Core 1.0, section 3.1.3.6.
std::string half_hash(std::string_view token);

} // namespace connectd::sandbox::oauth

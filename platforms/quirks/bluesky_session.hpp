// Sessions of a Bluesky server (PDS) as requests and answers without I/O. Facts: lexicons
// com.atproto.server.* and the reference server, checked August 2026. Functions only; callable from any
// thread.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"
#include "platforms/identity.hpp"
#include "platforms/token_set.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::platforms::bluesky {

// The extra under which the account's DID travels with its tokens.
constexpr std::string_view did_extra = "did";

// What createSession and refreshSession answer. `tokens.api_base` is the server of the DID document inside
// the answer, or empty when there was none.
struct session {
    token_set tokens;
    std::string did;
    std::string handle; // may be "handle.invalid"
    bool active = true;
};

// `server` is an origin; `user_given` when it came from a DID document.
http::request create_session_request(std::string_view server, bool user_given, std::string_view identifier,
                                     crypto::secret const& app_password);

// No body and no Content-Type: picky servers refuse either.
http::request refresh_session_request(std::string_view server, bool user_given,
                                      crypto::secret const& refresh_jwt);
http::request delete_session_request(std::string_view server, bool user_given,
                                     crypto::secret const& refresh_jwt);
http::request get_session_request(std::string_view server, bool user_given, crypto::secret const& access_jwt);

// `did`: what the session must belong to, not checked when empty; another one is errc::malformed_answer,
// refused. Errors otherwise by the descriptor's table; a success without both JWTs and the DID is
// errc::malformed_answer.
outcome<session> parse_session(descriptor const& platform, call_kind call, std::string_view did,
                               http::response const& answer);

// Id and handle of getSession. Errors: as parse_session.
outcome<identity> parse_get_session(descriptor const& platform, std::string_view did,
                                    http::response const& answer);

// The public profile, no authentication.
http::request profile_request(descriptor const& platform, std::string_view did);

// Adds display name and avatar where the answer has them for `who`; ignores any other answer.
void add_profile(http::response const& answer, identity& who);

// `exp` of a JWT's payload, read without verifying anything: it only plans the refresh.
std::optional<std::chrono::sys_seconds> jwt_expiry(std::string_view jwt);

} // namespace connectd::platforms::bluesky

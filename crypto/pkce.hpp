// Proof Key for Code Exchange (RFC 7636), the client's half.
//
// Threads: pure functions, any thread.
#pragma once

#include "crypto/secret.hpp"

#include <string>
#include <string_view>

namespace connectd::crypto {

// 256 random bits as 43 characters of base64url, the form RFC 7636 section 4.1 recommends.
secret make_verifier();

// base64url(SHA-256(verifier)), RFC 7636 section 4.2.
std::string challenge_s256(std::string_view verifier);

// hex(SHA-256(verifier)): TikTok's Login Kit for desktop names this S256 too.
std::string challenge_s256_hex(std::string_view verifier);

} // namespace connectd::crypto

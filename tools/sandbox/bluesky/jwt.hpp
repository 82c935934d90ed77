// JSON Web Tokens as a PDS signs them: three parts, HS256, with the header types and claims of the reference
// server (August 2026). Verification is the server's own; clients only read `exp`.
//
// Threads: const functions from any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace connectd::sandbox::bluesky {

struct claims {
    std::string scope;
    std::string subject;        // the DID
    std::string audience;       // the service's DID
    std::string id;             // jti, of refresh tokens only
    std::int64_t issued_at = 0; // Unix seconds
    std::int64_t expires_at = 0;
};

inline constexpr std::string_view access_type = "at+jwt";
inline constexpr std::string_view refresh_type = "refresh+jwt";

enum class jwt_fault { unverified, expired };

class jwt_signer {
  public:
    // With a random key of its own: tokens of another run are foreign.
    jwt_signer();

    std::string sign(std::string_view type, claims const& content) const;

    // Checks form, algorithm, type and signature, then the time; with `allow_expired` not the time.
    std::variant<claims, jwt_fault> verify(std::string_view token, std::string_view type, sys_ms now,
                                           bool allow_expired = false) const;

  private:
    std::string key_;
};

} // namespace connectd::sandbox::bluesky

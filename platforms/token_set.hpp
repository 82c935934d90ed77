// What a platform hands over for one account. Owns its secrets, which are wiped when it goes; move-only.
#pragma once

#include "crypto/secret.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace connectd::platforms {

struct token_set {
    crypto::secret access_token;
    std::optional<crypto::secret> refresh_token; // not set: the answer had none; a stored one must be kept
    std::string token_type;
    std::optional<std::chrono::seconds> expires_in; // from the moment of the answer
    std::optional<std::chrono::seconds> refresh_expires_in;
    std::optional<std::chrono::sys_seconds>
        expires_at; // where the platform names a moment instead (Bluesky's JWTs)
    std::optional<std::chrono::sys_seconds> refresh_expires_at;
    std::vector<std::string> scopes; // granted; empty when the answer did not say
    std::string api_base; // not empty where it differs from account to account (Bluesky: the PDS's origin)
    std::vector<std::pair<std::string, crypto::secret>>
        extras; // further members the descriptor asked to keep
};

} // namespace connectd::platforms

// What a platform hands over for one account. Owns its secrets, which are wiped when it goes; move-only.
#pragma once

#include "crypto/secret.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::platforms {

// The extras of a candidate that has a token of its own (connected.hpp): the tokens of the grant it was
// chosen from, and its id.
inline constexpr std::string_view grant_access_extra = "grant_access_token";
inline constexpr std::string_view grant_refresh_extra = "grant_refresh_token";
inline constexpr std::string_view candidate_id_extra = "candidate_id";

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

// The extra of that name, or null. Valid as long as `tokens`.
crypto::secret const* find_extra(token_set const& tokens, std::string_view name) noexcept;

// Sets the extra of that name, in place of the one that is there.
void set_extra(token_set& tokens, std::string_view name, crypto::secret value);

// Gives `to` each extra of `from` that it does not have.
void keep_extras(token_set const& from, token_set& to);

} // namespace connectd::platforms

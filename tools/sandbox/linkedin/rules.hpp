// LinkedIn's rules about apps, consent, codes and tokens (autumn 2026), as data for the OAuth parts that all
// platforms share. Pure function, any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::linkedin {

constexpr std::string_view authorize_path = "/oauth/v2/authorization";

constexpr std::chrono::hours access_lifetime{24 * 60};
// From the consent on, whatever happens to the tokens.
constexpr std::chrono::hours refresh_lifetime{24 * 365};

// Of apps that LinkedIn approved for programmatic refresh tokens. All others get none.
constexpr std::string_view refresh_tokens_flag = "refresh_tokens";

oauth::oauth_rules rules();

} // namespace connectd::sandbox::linkedin

// Facebook's rules about apps, consent, codes and tokens (autumn 2026), as data for the OAuth parts that all
// platforms share. Pure function, any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::facebook {

// Behind the version.
constexpr std::string_view dialog_path = "/dialog/oauth";
constexpr std::string_view token_path = "/oauth/access_token";

// Of people who may sign in to apps that are not published.
constexpr std::string_view role_trait = "facebook_role";

oauth::oauth_rules rules();

} // namespace connectd::sandbox::facebook

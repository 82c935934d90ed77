// The rules of Instagram Login about apps, consent, codes and tokens (autumn 2026), as data for the OAuth
// parts that all platforms share. Pure function, any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::instagram {

constexpr std::string_view authorize_path = "/oauth/authorize";

// Of people who accepted the invitation to test apps, and of those whose account is not a business's.
constexpr std::string_view tester_trait = "instagram_tester";
constexpr std::string_view personal_trait = "instagram_personal";
constexpr std::string_view creator_trait = "instagram_creator";

oauth::oauth_rules rules();

} // namespace connectd::sandbox::instagram

// X's rules about apps, consent, codes and tokens (autumn 2026), as data for the OAuth parts that all
// platforms share. Pure function, any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::x {

constexpr std::string_view authorize_path = "/i/oauth2/authorize";
constexpr std::chrono::seconds access_lifetime{7200};

oauth::oauth_rules rules();

} // namespace connectd::sandbox::x

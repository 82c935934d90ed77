// Pinterest's rules about apps, consent, codes and tokens (autumn 2026), as data for the OAuth parts that all
// platforms share. Pure function, any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::pinterest {

constexpr std::string_view authorize_path = "/oauth/";

constexpr std::chrono::hours access_lifetime{24 * 30};
// Continuous: begins anew with each refresh.
constexpr std::chrono::hours refresh_lifetime{24 * 60};
// Of apps from before 25 September 2025 that do not ask for continuous refresh: a year from the consent, and
// the refresh token stays.
constexpr std::chrono::hours legacy_refresh_lifetime{24 * 365};

// What the console says of an app.
constexpr std::string_view trial_flag = "trial"; // Trial access: no pins in production, small quotas
constexpr std::string_view old_flag = "old";     // made before 25 September 2025
constexpr std::string_view no_pin_edit_flag = "no_pin_edit"; // without access to that restricted feature

oauth::oauth_rules rules();

} // namespace connectd::sandbox::pinterest

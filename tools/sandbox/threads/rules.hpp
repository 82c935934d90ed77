// The rules of Threads about apps, consent, codes and tokens (autumn 2026), as data for the OAuth parts that
// all platforms share. Pure function, any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::threads {

constexpr std::string_view authorize_path = "/oauth/authorize";

// Of people who accepted the invitation to test apps.
constexpr std::string_view tester_trait = "threads_tester";

oauth::oauth_rules rules();

} // namespace connectd::sandbox::threads

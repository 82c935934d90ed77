// TikTok's rules as data for the shared OAuth core (facts of November 2026). Pure functions; any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::tiktok {

constexpr std::string_view authorize_path = "/v2/auth/authorize/";

// Of an app: registered for Desktop, so with PKCE and redirects to this machine. Otherwise it is one for the
// Web.
constexpr std::string_view desktop = "desktop";

// Also of an app: media may be pulled from any domain; otherwise from those of its redirects alone.
constexpr std::string_view verified_media = "verified_media";

// A switch: errors of the token endpoint come with their status, as some have seen; otherwise with 200.
constexpr std::string_view errors_with_status = "errors_with_status";

constexpr std::chrono::seconds access_lifetime{7200};

oauth::oauth_rules rules();

// Somebody's id at one app: another app knows them by another one.
std::string open_id_of(person_ref who, std::string_view client_key);

std::string username_of(person const& who);

std::span<std::string_view const> person_traits();

// Why an app of that kind may not have this redirect URI; empty when it may.
std::string redirect_problem(std::string_view uri, bool for_desktop);

} // namespace connectd::sandbox::tiktok

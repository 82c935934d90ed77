// Mastodon's rules as data for the shared OAuth core, and what the instance can be told to be: a server
// before 4.3, or a fork whose tokens end. Pure functions; any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"
#include "tools/sandbox/switches.hpp"

#include <functional>

namespace connectd::sandbox::mastodon {

constexpr std::string_view authorize_path = "/oauth/authorize";

// A server of version 4.2: no `profile` scope, no PKCE, no metadata document, redirect URIs as one string
// only.
constexpr std::string_view old_server = "version_4_2";
// A fork: access tokens of two hours with a refresh token that rotates.
constexpr std::string_view fork = "fork_with_expiry";
// Each login gets a token of its own; otherwise the same app and person share one.
constexpr std::string_view fresh_tokens = "fresh_tokens";

constexpr std::chrono::seconds fork_lifetime{7200};

// A trait of people: moderators froze the account.
constexpr std::string_view disabled_account = "mastodon_disabled";

// `told` is asked at each request, and first after the platform is made.
oauth::oauth_rules rules(std::function<sandbox::switches const&()> told);

// Whether an instance of that version knows the scopes.
bool knows_scopes(sandbox::switches const& told, oauth::scope_set asked);

} // namespace connectd::sandbox::mastodon

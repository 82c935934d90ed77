// Google's rules about apps, consent, codes and tokens (autumn 2026), as data for the OAuth parts that all
// platforms share. Pure functions, any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"
#include "tools/sandbox/youtube/paths.hpp"

namespace connectd::sandbox::youtube {

constexpr std::string_view issuer = "https://accounts.google.com";

// Of an app whose consent screen is in "Testing": its refresh tokens live a week.
constexpr std::string_view testing = "testing";

oauth::oauth_rules rules();

// What comes in front of a client id's first hyphen, which says to which project of Google Cloud the client
// belongs: people give access to projects, and quotas are theirs.
std::string_view project_of(std::string_view client_id);

// What may be special about people.
std::span<std::string_view const> person_traits();

} // namespace connectd::sandbox::youtube

// The Google account and the channel of a person: their ids, and what OpenID Connect says of them. Pure
// functions, any thread.
#pragma once

#include "tools/sandbox/oauth/grant_values.hpp"
#include "tools/sandbox/people.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace connectd::sandbox::youtube {

std::string account_id(person const& who); // `sub`, 21 digits
std::string channel_id(person const& who); // UC and 22 more

// Eleven characters, as videos have, or with a longer prefix as playlists do; the same for the same seed.
std::string made_up_id(std::string_view prefix, std::string_view seed, std::size_t length);

// What the scopes let a client see of the account. `origin` is for the picture.
boost::json::object user_info(person const& who, oauth::scope_set allowed, std::string_view origin);

// Signed, for the client of these tokens.
std::string id_token(person const& who, oauth::tokens const& issued, std::string_view origin, sys_ms now);

// The discovery document of a Google at `origin`.
boost::json::object discovery(std::string_view origin);

} // namespace connectd::sandbox::youtube

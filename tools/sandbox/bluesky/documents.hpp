// The JSON documents about a person that the pretend Bluesky serves. Pure functions, any thread.
#pragma once

#include "tools/sandbox/people.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace connectd::sandbox::bluesky {

// The DID document; `pds` is the origin that serves the account.
boost::json::object did_document(person const& who, std::string_view pds);

// What createSession, refreshSession and getSession say about the account.
boost::json::object account_object(person const& who, std::string_view pds);

// app.bsky.actor.defs#profileViewDetailed, as far as anybody reads it.
boost::json::object profile_object(person const& who, std::string_view appview);

} // namespace connectd::sandbox::bluesky

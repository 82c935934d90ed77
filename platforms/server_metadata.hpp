// What the metadata of an authorization server (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3)
// makes of a platform. Used by discovery. Functions only, no I/O; callable from any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace connectd::platforms {

// `platform` as the server of `issuer` describes itself. Nothing in `members` is trusted. Errors:
// errc::metadata_refused, an operator fault whose `platform_error` names the member that is missing, wrong or
// offers nothing that connectd speaks.
outcome<descriptor> descriptor_from(descriptor const& platform, std::string_view issuer,
                                    boost::json::object const& members);

// Whether `url` can be an endpoint or an issuer: https, or plain http to this machine where `local_http`
// says so; no user name, no fragment, not too long.
bool is_usable_endpoint(std::string_view url, bool local_http);

// Whether `url` is plain http to this machine.
bool is_local_http(std::string_view url);

} // namespace connectd::platforms

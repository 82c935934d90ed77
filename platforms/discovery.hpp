// Any OAuth 2.0 or OpenID server from nothing but its issuer: its metadata says where the endpoints are and
// how a client authenticates (RFC 8414; OpenID Connect Discovery 1.0).
//
// The parsing functions have no I/O and are callable from any thread. The coroutine belongs to the thread of
// its client, which must outlive it, as must the descriptor; the rest is handed over by value.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"
#include "platforms/task.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace connectd::platforms {

// An issuer as it may be typed: an https URL without query and fragment (http to this machine only), kept to
// the byte, since it is compared so. Errors: errc::invalid_instance.
result<std::string> parse_issuer(std::string_view typed);

// Where the metadata of `issuer` may be, in the order to be tried: OpenID's path behind the issuer, then
// RFC 8414's between host and path, for both well-known names.
std::vector<std::string> metadata_urls(std::string_view issuer);

// `platform` with endpoints, client authentication, PKCE, scopes and the issuer check (RFC 9207) taken from
// the metadata, so far as the file does not say them itself. Errors: errc::metadata_refused, an operator
// fault, where `issuer` in it is not exactly the one asked (RFC 8414 section 3.3), an endpoint is missing or
// not a usable URL, or nothing that connectd speaks is offered; `platform_error` names the member, and is
// empty where the answer is no metadata at all. A server in trouble is temporary.
outcome<descriptor> apply_metadata(descriptor const& platform, std::string_view issuer,
                                   http::response const& answer);

// Asks metadata_urls in turn until one answers with metadata of that issuer. `user_given` as in descriptor.
// Errors: as above, and those of the network, temporary but for errc::address_refused. No error is more than
// an operator fault: metadata is asked for again while accounts live, and must not end one.
task<outcome<descriptor>> discover(http::client& client, descriptor const& platform, std::string issuer,
                                   bool user_given, deadline until);

} // namespace connectd::platforms

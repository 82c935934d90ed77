// From a handle to the server of the account, as requests and answers without I/O. Facts:
// atproto.com/specs/{handle,did}, checked August 2026. Functions only; callable from any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace connectd::platforms::bluesky {

// Handle -> DID by the resolver service of the descriptor, which also knows the DNS records that we do not
// ask for.
http::request resolve_handle_request(descriptor const& platform, std::string_view handle);
outcome<std::string> parse_resolved_handle(descriptor const& platform, http::response const& answer);

// Handle -> DID by the handle's own web server. The URL is the user's.
http::request well_known_request(std::string_view handle);
outcome<std::string> parse_well_known(http::response const& answer);

// DID -> document, at the PLC directory for did:plc, at the host itself for did:web.
// Requires: is_did(did).
http::request document_request(descriptor const& platform, std::string_view did);

// The origin of the account's server (PDS) in the DID document. Errors: errc::identifier_not_found (refused)
// for an unknown or tombstoned DID, errc::malformed_answer (refused) for a document of another DID or without
// a server.
outcome<std::string> parse_document(descriptor const& platform, std::string_view did,
                                    http::response const& answer);

// The same of a document inside another answer; an empty text when it does not fit.
std::string server_of_document(boost::json::value const& document, std::string_view did);

} // namespace connectd::platforms::bluesky

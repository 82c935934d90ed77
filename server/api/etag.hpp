// The version of an object as callers see it (RFC 9110, section 8.8.3), and changes that are to happen only
// to the version they have seen (section 13.1.1). Pure functions, any thread.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/services/error.hpp"
#include "server/services/input.hpp"

#include <cstdint>

namespace connectd::server::api {

// Adds `ETag`.
http::response with_etag(http::response answer, std::uint64_t version);

// The version that If-Match names; nothing without the header and for `*`. Where it names several, or what is
// no tag of ours, no object can match. Errors: precondition_failed.
services::outcome<services::seen_version> read_if_match(http::request const& asked);

} // namespace connectd::server::api

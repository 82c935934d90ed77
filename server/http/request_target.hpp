#pragma once

// Takes a request's target apart (RFC 9112 section 3.2) and checks the name of the host. Pure functions, any
// thread.

#include "server/http/request.hpp"

#include <string>
#include <string_view>

namespace connectd::server::http {

// Reads `target` and `method`; sets raw_path, path, raw_query, query and, for an absolute target, host. False
// when the target has none of the forms a server answers (origin, absolute, `*` with OPTIONS) or does not
// decode.
bool split_target(request& asked);

// A host name or address with optional port, in lower case; empty when it is none.
std::string normal_host(std::string_view text);

} // namespace connectd::server::http

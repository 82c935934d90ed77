// Where a proxied call goes: the path that the caller names, byte for byte, behind the API's base and nowhere
// else. Pure functions, any thread.
#pragma once

#include "server/services/error.hpp"

#include <span>
#include <string>
#include <string_view>

namespace connectd::server::services::proxy {

// Path and query to ask for. `base` is the account's API base, an absolute URL; `path` what the caller wrote
// behind the route, `query` what came behind the question mark. A path that begins with one of `beside` (as
// in proxy_rules::origin_paths) counts from the origin. Nothing is decoded or normalised; what a server may
// read as leading out of the base is refused, in every form of writing two dots that servers are known to
// understand.
//
// Errors: proxy_request_refused.
outcome<std::string> target_of(std::string_view base, std::span<std::string const> beside,
                               std::string_view path, std::string_view query);

} // namespace connectd::server::services::proxy

#pragma once

// The token of an Authorization header (RFC 6750). Pure functions, any thread.

#include "server/http/request.hpp"

#include <string_view>

namespace connectd::server::http {

// What follows "Bearer"; empty when there is no such header or its scheme is another one. The view lives as
// long as the request.
std::string_view bearer_token(request const& asked) noexcept;

} // namespace connectd::server::http

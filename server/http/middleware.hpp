#pragma once

// What every answer gets, whoever made it. Pure functions, any thread.

#include "server/http/response.hpp"

#include <chrono>

namespace connectd::server::http {

// Adds, where the handler has not said otherwise: X-Content-Type-Options always; Cache-Control: no-store for
// JSON and pages, which here are somebody's data; X-Frame-Options and Referrer-Policy for pages, whose URLs
// may hold a code; HSTS when `hsts` is not zero.
void add_default_headers(response& answer, std::chrono::seconds hsts);

} // namespace connectd::server::http

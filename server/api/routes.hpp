// The whole native API as one table.
#pragma once

#include "server/api/context.hpp"
#include "server/api/route.hpp"
#include "server/http/router.hpp"

#include <span>
#include <string_view>

namespace connectd::server::api {

std::span<route const> routes() noexcept;

// Puts every route of the table into a thread's router. `with` outlives the router.
void add_routes(http::router& to, context& with);

// The pages of connecting below another base, and the callback at these patterns: for clients of another API
// whose apps have its callbacks registered. A pattern has the parameter {platform}. `with` as above.
void add_browser_routes(http::router& to, context& with, std::string_view base,
                        std::span<std::string_view const> callbacks);

} // namespace connectd::server::api

// The whole native API as one table.
#pragma once

#include "server/api/context.hpp"
#include "server/api/route.hpp"
#include "server/http/router.hpp"

#include <span>

namespace connectd::server::api {

std::span<route const> routes() noexcept;

// Puts every route of the table into a thread's router. `with` outlives the router.
void add_routes(http::router& to, context& with);

} // namespace connectd::server::api

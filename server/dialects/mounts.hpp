// All dialects, and how they get into a thread's router: below their mounts and, where the operator has named
// some, on hosts of their own. The one file that knows every vendor.
#pragma once

#include "server/dialects/dialect.hpp"
#include "server/http/error.hpp"
#include "server/http/router.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::dialects {

std::span<dialect const* const> all_dialects() noexcept;

// Null where there is none of that name.
dialect const* find_dialect(std::string_view name) noexcept;

// In which endpoints that were made here get their events.
std::vector<services::webhooks::form const*> webhook_forms();

// Puts every dialect's routes into the router. `with` outlives it.
void add_routes(http::router& to, context& with);

// Requires: the router has the routes, and the names are of dialects.
void add_hosts(http::router& to, host_names const& hosts);

// The mount of the vendor whose keys begin as the request's does, for clients that drop the path of their
// base URL; empty for other keys and for paths that are below a mount already.
std::string_view mount_by_key(http::request const& asked) noexcept;

// What the HTTP layer refuses by itself, in the form of the dialect that was asked; nothing where that is
// none. `hosts` as above.
std::optional<http::response> http_refusal(http::http_error const& error, host_names const& hosts);

// Requires: a session of a dialect.
parameter_list told(services::callback_answer const& ended);

} // namespace connectd::server::dialects

// /v1/platforms: what can be connected here, and what it takes. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"
#include "server/services/platform_list.hpp"

#include <boost/json/object.hpp>

namespace connectd::server::api {

boost::json::object to_json(services::platform_view const& shown);

runtime::task<http::response> list_platforms(call of);
runtime::task<http::response> get_platform(call of);

} // namespace connectd::server::api

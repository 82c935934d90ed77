// /v1/events: the log of what happened in a workspace.
#pragma once

#include "server/api/route.hpp"

#include <boost/json/object.hpp>

namespace connectd::server::api {

boost::json::object to_json(services::event_view const& shown);

runtime::task<http::response> list_events(call of);
runtime::task<http::response> get_event(call of);

} // namespace connectd::server::api

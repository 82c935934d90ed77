// /v1/connect/sessions: attempts to connect an account through a browser. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"
#include "server/services/sessions.hpp"

#include <boost/json/object.hpp>

namespace connectd::server::api {

boost::json::object to_json(services::session_view const& shown);

runtime::task<http::response> create_session(call of);
runtime::task<http::response> get_session(call of);
runtime::task<http::response> list_sessions(call of);
runtime::task<http::response> list_choices(call of);
runtime::task<http::response> cancel_session(call of);

} // namespace connectd::server::api

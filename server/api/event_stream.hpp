// GET /v1/events/stream: events as they happen, as server-sent events (WHATWG HTML, section 9.2).
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> stream_events(call of);

} // namespace connectd::server::api

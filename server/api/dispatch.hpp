// What every request of the route table goes through before and after its handler: who asks, how often, what
// their plan includes, whether it has been answered already; and the headers that say so.
#pragma once

#include "server/api/context.hpp"
#include "server/api/route.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/runtime/task.hpp"

namespace connectd::server::api {

// `with` and `line` outlive the thread's router, `asked` the coroutine.
runtime::task<http::response> dispatch(context& with, route const& line, http::request& asked);

} // namespace connectd::server::api

// /reconnect/{link}: the page behind the link that events give to the owner of an account. Handlers; see
// route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

// Opening the link shows a page and begins nothing: programs that look at links in messages open it too.
runtime::task<http::response> show_reconnect_page(call of);
runtime::task<http::response> begin_reconnect(call of);

} // namespace connectd::server::api

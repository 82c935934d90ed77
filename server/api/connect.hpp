// What browsers meet on their way to a connected account: the hosted page, the platform's callback, the form
// for an app password; and the app-password login of the API. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

// GET /connect/{session}
runtime::task<http::response> show_connect_page(call of);
// POST /connect/{session}: the form of a platform that wants an app password, or that of a choice.
runtime::task<http::response> submit_connect_page(call of);
// GET /v1/connect/callback/{platform}
runtime::task<http::response> connect_callback(call of);
// POST /v1/connect/bluesky
runtime::task<http::response> connect_bluesky(call of);

// The ends of a session in the end user's browser, for APIs that have routes of their own for one.
http::response conclude_in_browser(context& with, services::callback_answer const& ended,
                                   http::request& asked);
http::response refuse_in_browser(services::failure const& why, http::request const& asked);

} // namespace connectd::server::api

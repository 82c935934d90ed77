// How values look in JSON answers; shared with the dialects.
#pragma once

#include "server/http/render.hpp"

namespace connectd::server::api {

using http::escape_html;
using http::render_id;
using http::render_list;
using http::render_metadata;
using http::render_seconds;
using http::render_text;
using http::render_time;

} // namespace connectd::server::api

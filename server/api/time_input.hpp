// Times that callers send; shared with the dialects.
#pragma once

#include "server/http/time_input.hpp"

namespace connectd::server::api {

using http::read_time;

} // namespace connectd::server::api

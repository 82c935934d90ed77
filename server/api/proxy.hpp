// Calls to an account's platform, passed on both ways as they are; the README of the server has the rules.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> call_platform(call of);

} // namespace connectd::server::api

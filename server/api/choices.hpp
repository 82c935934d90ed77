// /v1/connect/sessions/{id}/choose: choosing among the accounts that a consent reaches. The end user's way to
// the same is the hosted page, in connect.hpp. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> choose_candidates(call of);

} // namespace connectd::server::api

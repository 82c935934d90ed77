// /v1/plans and /v1/usage: what there is to have, and what a workspace has of it. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> list_plans(call of);
runtime::task<http::response> get_usage(call of);
// The operator's view of the same.
runtime::task<http::response> get_workspace_usage(call of);

} // namespace connectd::server::api

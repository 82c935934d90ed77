// /v1/workspaces: the operator's tenants and their API keys. Handlers; see route.hpp for what they are given.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> create_workspace(call of);
runtime::task<http::response> list_workspaces(call of);
runtime::task<http::response> get_workspace(call of);

} // namespace connectd::server::api

// /v1/workspaces: the operator's tenants; /v1/workspace: a key's own. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> create_workspace(call of);
runtime::task<http::response> list_workspaces(call of);
runtime::task<http::response> get_workspace(call of);
runtime::task<http::response> update_workspace(call of);
runtime::task<http::response> delete_workspace(call of);
runtime::task<http::response> get_own_workspace(call of);

} // namespace connectd::server::api

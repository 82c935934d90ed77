// API keys, twice with the same handlers: /v1/workspaces/{id}/api-keys for the operator, /v1/api-keys for
// keys of the workspace itself, which give no more than they have. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> create_api_key(call of);
runtime::task<http::response> list_api_keys(call of);
runtime::task<http::response> get_api_key(call of);
runtime::task<http::response> update_api_key(call of);
runtime::task<http::response> rotate_api_key(call of);
runtime::task<http::response> revoke_api_key(call of);

} // namespace connectd::server::api

// /v1/workspaces/{id}/api-keys: the keys that the operator gives to a workspace. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> create_api_key(call of);
runtime::task<http::response> list_api_keys(call of);
runtime::task<http::response> revoke_api_key(call of);

} // namespace connectd::server::api

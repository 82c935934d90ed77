// /v1/credentials: a workspace's own OAuth apps. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> create_credentials(call of);
runtime::task<http::response> list_credentials(call of);
runtime::task<http::response> get_credentials(call of);
runtime::task<http::response> update_credentials(call of);
runtime::task<http::response> rotate_credentials_secret(call of);
runtime::task<http::response> delete_credentials(call of);

} // namespace connectd::server::api

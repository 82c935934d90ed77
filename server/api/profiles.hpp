// /v1/profiles: what groups accounts. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> create_profile(call of);
runtime::task<http::response> list_profiles(call of);
runtime::task<http::response> get_profile(call of);
runtime::task<http::response> update_profile(call of);
runtime::task<http::response> delete_profile(call of);

} // namespace connectd::server::api

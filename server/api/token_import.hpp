// /v1/accounts/import: accounts whose tokens come from elsewhere. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> import_account(call of);

} // namespace connectd::server::api

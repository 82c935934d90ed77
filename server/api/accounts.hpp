// /v1/accounts: connected accounts. Handlers; see route.hpp.
#pragma once

#include "server/api/route.hpp"
#include "server/services/accounts.hpp"

#include <boost/json/object.hpp>

namespace connectd::server::api {

boost::json::object to_json(services::account_view const& shown);
// One account with its version, or why there is none.
http::response answer_account(services::outcome<services::account_view> const& came, unsigned status,
                              http::request const& asked);

runtime::task<http::response> list_accounts(call of);
runtime::task<http::response> get_account(call of);
runtime::task<http::response> update_account(call of);
runtime::task<http::response> refresh_account(call of);
runtime::task<http::response> check_account(call of);
runtime::task<http::response> delete_account(call of);
runtime::task<http::response> list_timeline(call of);

} // namespace connectd::server::api

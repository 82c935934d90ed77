// letmepost.dev's API: JSON in camelCase, objects without an envelope, errors with a code, a rule and a
// document.
//
// Handlers and what they share. Sources: the vendor's page on accounts, which rules, and its other documents
// and open source as of autumn 2026.
#pragma once

#include "server/dialects/dialect.hpp"

#include <boost/json/object.hpp>

namespace connectd::server::dialects::letmepost {

extern dialect const api;
extern services::webhooks::form const deliveries;

boost::json::object to_json(services::account_view const& shown);

runtime::task<http::response> start_connect(call of);
runtime::task<http::response> complete_connect(call of);
runtime::task<http::response> list_accounts(call of);
runtime::task<http::response> get_account(call of);
runtime::task<http::response> delete_account(call of);

boost::json::object default_board(services::account_view const& shown); // of an account of Pinterest
runtime::task<http::response> list_boards(call of);
runtime::task<http::response> make_board(call of);
runtime::task<http::response> choose_board(call of);

runtime::task<http::response> create_profile(call of);
runtime::task<http::response> list_profiles(call of);
runtime::task<http::response> get_profile(call of);
runtime::task<http::response> update_profile(call of);
runtime::task<http::response> delete_profile(call of);

runtime::task<http::response> create_api_key(call of);
runtime::task<http::response> list_api_keys(call of);
runtime::task<http::response> revoke_api_key(call of);

runtime::task<http::response> create_endpoint(call of);
runtime::task<http::response> list_endpoints(call of);
runtime::task<http::response> get_endpoint(call of);
runtime::task<http::response> update_endpoint(call of);
runtime::task<http::response> delete_endpoint(call of);
runtime::task<http::response> test_endpoint(call of);

} // namespace connectd::server::dialects::letmepost

// Autoposting.ai's API: JSON in camelCase without a version in its paths, every answer in an envelope with
// `success`, accounts as tokens of a brand that is addressed by its slug.
//
// Handlers and what they share. Sources: the vendor's page on storing a token, which rules, and its other
// documents and client source as of autumn 2026. A brand is a profile.
#pragma once

#include "server/dialects/dialect.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace connectd::server::dialects::autoposting {

extern dialect const api;
extern services::webhooks::form const deliveries;

// {"success": true, "data": ...}, always 200.
http::response answer(boost::json::value data);

// The vendor says x, never twitter, and knows five platforms.
bool is_platform(std::string_view name) noexcept;

boost::json::object to_json(services::account_view const& shown);

runtime::task<http::response> list_brands(call of);
runtime::task<http::response> create_brand(call of);
runtime::task<http::response> get_brand(call of);
runtime::task<http::response> update_brand(call of);
runtime::task<http::response> delete_brand(call of);
runtime::task<http::response> show_status(call of);

runtime::task<http::response> store_token(call of);
runtime::task<http::response> list_tokens(call of);
runtime::task<http::response> refresh_token(call of);
runtime::task<http::response> delete_token(call of);
runtime::task<http::response> move_token(call of);
runtime::task<http::response> exchange_code(call of);

runtime::task<http::response> create_api_key(call of);
runtime::task<http::response> list_api_keys(call of);
runtime::task<http::response> update_api_key(call of);
runtime::task<http::response> revoke_api_key(call of);

runtime::task<http::response> show_caller(call of);
runtime::task<http::response> list_organizations(call of);
runtime::task<http::response> choose_organization(call of);

runtime::task<http::response> create_webhook(call of);
runtime::task<http::response> list_webhooks(call of);
runtime::task<http::response> get_webhook(call of);
runtime::task<http::response> update_webhook(call of);
runtime::task<http::response> delete_webhook(call of);
runtime::task<http::response> test_webhook(call of);

} // namespace connectd::server::dialects::autoposting

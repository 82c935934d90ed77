// PostPeer's API: JSON in camelCase, keys in x-access-key, a URL at once instead of a session, several OAuth
// apps a platform, accounts by the name of integrations.
//
// Handlers and what they share. Sources: the vendor's page on connecting, which rules, and its other
// documents and client source as of autumn 2026. The vendor knows accounts without a profile: here they are
// those of the workspace's default profile, which none of its lists shows.
#pragma once

#include "server/dialects/dialect.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::dialects::postpeer {

extern dialect const api;
extern services::webhooks::form const deliveries;

// {"success": true, name: value}
http::response answer(unsigned status, std::string_view name, boost::json::value value);
// {"success": true, "message": text}
http::response answer_done(std::string_view message);
services::failure invalid(std::string field, std::string detail);

// A number of the query; `fallback` where it is not there. Errors: field_invalid.
services::outcome<std::size_t> read_number(call const& of, std::string_view name, std::size_t fallback,
                                           std::size_t least, std::size_t most);

// `page` and `limit` of a list that says how long it is: {"success", "total", "page", "limit", name: [...]}.
services::outcome<http::response> answer_page(call const& of, std::string_view name, boost::json::array all);

boost::json::object to_json(services::account_view const& shown,
                            std::span<services::credentials_view const> apps, crypto::profile_id no_profile);

// What sessions are marked with whose choice the customer's page draws.
inline constexpr std::string_view headless = "postpeer.headless";
// What the return URL is told when a choice is due; nothing where our page asks for it. Requires: waiting.
parameter_list told_selection(services::callback_answer const& ended, std::string const& platform);

runtime::task<http::response> show_selection(call of);
runtime::task<http::response> submit_selection(call of);

runtime::task<http::response> start_connect(call of);
runtime::task<http::response> list_platforms(call of);
runtime::task<http::response> connect_bluesky(call of);
runtime::task<http::response> list_integrations(call of);
runtime::task<http::response> delete_integration(call of);
runtime::task<http::response> list_boards(call of);

runtime::task<http::response> create_app(call of);
runtime::task<http::response> list_apps(call of);
runtime::task<http::response> get_app(call of);
runtime::task<http::response> update_app(call of);
runtime::task<http::response> delete_app(call of);

runtime::task<http::response> create_profile(call of);
runtime::task<http::response> list_profiles(call of);
runtime::task<http::response> get_profile(call of);
runtime::task<http::response> update_profile(call of);
runtime::task<http::response> delete_profile(call of);

runtime::task<http::response> create_notification(call of);
runtime::task<http::response> list_notifications(call of);
runtime::task<http::response> get_notification(call of);
runtime::task<http::response> update_notification(call of);
runtime::task<http::response> delete_notification(call of);
runtime::task<http::response> test_notification(call of);

} // namespace connectd::server::dialects::postpeer

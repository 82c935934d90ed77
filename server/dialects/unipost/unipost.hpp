// UniPost's API: JSON in snake_case, an envelope with `data`, `meta` and `request_id`, errors with two codes.
//
// Handlers and what they share. Sources: the vendor's page on platform credentials, which rules, and its
// other documents and source as of autumn 2026.
#pragma once

#include "server/dialects/dialect.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace connectd::server::dialects::unipost {

extern dialect const api;
extern services::webhooks::form const deliveries;

// Codes of the vendor that we have no error for.
inline constexpr std::string_view profile_name_taken = "profile_name_taken";
inline constexpr std::string_view no_pages_selected = "no_pages_selected";
inline constexpr std::string_view unknown_page = "unknown_page";

// {"data": ..., "request_id": ...}
http::response answer(unsigned status, boost::json::value data, call const& of);
// The same with `meta`, for a list that is whole or, where `total` is more, its beginning.
http::response answer_list(boost::json::array data, call const& of, std::size_t total = 0);

runtime::task<http::response> store_credentials(call of);
runtime::task<http::response> list_credentials(call of);
runtime::task<http::response> delete_credentials(call of);

std::string_view status_of(services::session_view const& shown); // of the vendor's

runtime::task<http::response> show_link(call of);
runtime::task<http::response> authorize_link(call of);
runtime::task<http::response> submit_link_password(call of);

runtime::task<http::response> create_session(call of);
runtime::task<http::response> get_session(call of);

// What sessions for one's own accounts are marked with: their return URL is told in other words.
inline constexpr std::string_view own_accounts = "unipost.oauth";

boost::json::object to_json(services::account_view const& shown,
                            std::vector<services::profile_view> const& profiles);

runtime::task<http::response> list_accounts(call of);
runtime::task<http::response> list_profile_accounts(call of);
runtime::task<http::response> get_account(call of);
runtime::task<http::response> delete_account(call of);
runtime::task<http::response> dismiss_account(call of);
runtime::task<http::response> show_health(call of);
runtime::task<http::response> connect_account(call of);
runtime::task<http::response> connect_to_profile(call of);
runtime::task<http::response> begin_oauth(call of);
runtime::task<http::response> begin_profile_oauth(call of);

runtime::task<http::response> list_profiles(call of);
runtime::task<http::response> create_profile(call of);
runtime::task<http::response> get_profile(call of);
runtime::task<http::response> update_profile(call of);
runtime::task<http::response> delete_profile(call of);
runtime::task<http::response> list_users(call of);
runtime::task<http::response> get_user(call of);
runtime::task<http::response> dismiss_user(call of);
runtime::task<http::response> list_profile_users(call of);
runtime::task<http::response> get_profile_user(call of);
runtime::task<http::response> dismiss_profile_user(call of);
runtime::task<http::response> get_workspace(call of);

runtime::task<http::response> create_api_key(call of);
runtime::task<http::response> list_api_keys(call of);
runtime::task<http::response> revoke_api_key(call of);

runtime::task<http::response> list_boards(call of);
runtime::task<http::response> make_board(call of);

runtime::task<http::response> get_pending(call of);
runtime::task<http::response> finalize_pending(call of);

runtime::task<http::response> create_webhook(call of);
runtime::task<http::response> list_webhooks(call of);
runtime::task<http::response> get_webhook(call of);
runtime::task<http::response> update_webhook(call of);
runtime::task<http::response> rotate_webhook(call of);
runtime::task<http::response> delete_webhook(call of);

} // namespace connectd::server::dialects::unipost

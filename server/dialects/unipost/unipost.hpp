// UniPost's API: JSON in snake_case, an envelope with `data`, `meta` and `request_id`, errors with two codes.
//
// Handlers and what they share. Sources: the vendor's page on platform credentials, which rules, and its
// other documents and source as of autumn 2026.
#pragma once

#include "server/dialects/dialect.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string_view>
#include <vector>

namespace connectd::server::dialects::unipost {

extern dialect const api;

inline constexpr std::string_view profile_name_taken = "profile_name_taken";

// {"data": ..., "request_id": ...}
http::response answer(unsigned status, boost::json::value data, call const& of);
// The same with `meta`, for lists, which are always whole.
http::response answer_list(boost::json::array data, call const& of);

runtime::task<http::response> store_credentials(call of);
runtime::task<http::response> list_credentials(call of);
runtime::task<http::response> delete_credentials(call of);

runtime::task<http::response> create_session(call of);
runtime::task<http::response> get_session(call of);

// What sessions for one's own accounts are marked with: their return URL is told in other words.
inline constexpr std::string_view own_accounts = "unipost.oauth";

boost::json::object to_json(services::account_view const& shown,
                            std::vector<services::profile_view> const& profiles);

runtime::task<http::response> list_accounts(call of);
runtime::task<http::response> list_profile_accounts(call of);
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
runtime::task<http::response> get_workspace(call of);

} // namespace connectd::server::dialects::unipost

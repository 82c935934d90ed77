// UniPost's API: JSON in snake_case, an envelope with `data`, `meta` and `request_id`, errors with two codes.
//
// Handlers and what they share. Sources: the vendor's page on platform credentials, which rules, and its
// other documents and source as of autumn 2026.
#pragma once

#include "server/dialects/dialect.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace connectd::server::dialects::unipost {

extern dialect const api;

// {"data": ..., "request_id": ...}
http::response answer(unsigned status, boost::json::value data, call const& of);
// The same with `meta`, for lists, which are always whole.
http::response answer_list(boost::json::array data, call const& of);

runtime::task<http::response> store_credentials(call of);
runtime::task<http::response> list_credentials(call of);
runtime::task<http::response> delete_credentials(call of);

runtime::task<http::response> create_session(call of);
runtime::task<http::response> get_session(call of);

} // namespace connectd::server::dialects::unipost

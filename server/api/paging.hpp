// `limit` and `cursor` of a list's query, and the list's envelope. Pure functions, any thread.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/services/error.hpp"
#include "server/services/paging.hpp"

#include <boost/json/array.hpp>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::api {

// Also refuses query parameters that the route does not have: `filters` are those beside limit and cursor.
// Errors: field_invalid.
services::outcome<services::page_request> read_page(http::request const& asked,
                                                    std::initializer_list<std::string_view> filters = {});

// The one value of a filter, if it is there.
std::optional<std::string> filter(http::request const& asked, std::string_view name);

// A parameter that is true or false; false where it is not there. Errors: field_invalid.
services::outcome<bool> read_flag(http::request const& asked, std::string_view name);

// {"data":[...],"next_cursor":...}; the cursor is opaque to callers.
http::response list_response(boost::json::array data, std::optional<std::string> const& next_cursor);

// The same with a `total`, null where it is not known.
http::response list_response(boost::json::array data, std::optional<std::string> const& next_cursor,
                             std::optional<std::size_t> total);

} // namespace connectd::server::api

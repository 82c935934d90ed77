// How values look in JSON answers. Pure functions, any thread.
#pragma once

#include "server/runtime/clock.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::http {

// RFC 3339 in UTC with milliseconds: 2026-09-01T07:00:00.000Z.
std::string render_time(runtime::sys_ms when);
boost::json::value render_time(std::optional<runtime::sys_ms> const& when);

// Text, or null where it is empty.
boost::json::value render_text(std::string_view text);

// An id, or null where it is nil.
template <class Id>
boost::json::value render_id(Id const& id) {
    return id.is_nil() ? boost::json::value(nullptr) : boost::json::value(id.to_string());
}

// Whole seconds, or null.
boost::json::value render_seconds(std::optional<std::chrono::seconds> const& span);

boost::json::array render_list(std::vector<std::string> const& items);

// Stored JSON text as what it says; an empty object for none.
boost::json::value render_metadata(std::string_view text);

// Text for the inside of HTML, attributes included.
std::string escape_html(std::string_view text);

} // namespace connectd::server::http

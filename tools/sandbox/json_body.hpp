// JSON that a client sent, read as the platforms' rules need it. Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox {

// The body, when it is a JSON object and the Content-Type says JSON.
std::optional<boost::json::object> read_json_body(call const& request);

// What is at a pointer such as "/snippet/title"; empty or nothing when it is absent or of another type.
boost::json::value const* value_at(boost::json::object const& body, std::string_view pointer);
std::string text_at(boost::json::object const& body, std::string_view pointer);
std::optional<std::int64_t> number_at(boost::json::object const& body, std::string_view pointer);

} // namespace connectd::sandbox

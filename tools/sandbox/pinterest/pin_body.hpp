// The body of POST /v5/pins, checked as the API description has it: members, lengths, and what a picture may
// come from. Pure function, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>

namespace connectd::sandbox::pinterest {

struct pin_body {
    boost::json::object content;
    std::optional<reply> refusal; // set when the body is refused
};

pin_body read_pin_body(std::string_view json);

} // namespace connectd::sandbox::pinterest

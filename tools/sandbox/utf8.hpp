// Reading UTF-8 code point by code point, for limits that count characters. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace connectd::sandbox {

struct code_point {
    char32_t value;
    std::size_t bytes;
};

// The first code point. A byte that begins none counts as one of its own. Requires: a text that is not empty.
code_point first_code_point(std::string_view text) noexcept;

} // namespace connectd::sandbox

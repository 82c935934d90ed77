// Comparison that takes the same time wherever the first difference is. The lengths are not hidden.
//
// Threads: pure function, any thread.
#pragma once

#include <string_view>

namespace connectd::crypto {

bool equal_constant_time(std::string_view left, std::string_view right) noexcept;

} // namespace connectd::crypto

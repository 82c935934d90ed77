// The platforms that this sandbox can pretend to be. A new one is one line in platforms.cpp.
//
// Threads: any.
#pragma once

#include "tools/sandbox/platform.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace connectd::sandbox {

struct known_platform {
    std::string_view name;
    std::unique_ptr<platform> (*make)(platform_parts const& parts);
};

// In the order in which they are shown.
std::span<known_platform const> known_platforms();

} // namespace connectd::sandbox

// The version segment of Graph paths. An ended version is not refused: another one serves the call. One that
// does not exist yet is no version at all.
//
// Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <string_view>

namespace connectd::sandbox::graph {

constexpr std::string_view current_version = "v26.0";

struct versioned {
    std::string_view served_by; // the version that answers
    std::string_view path;      // what follows it, with its slash
};

// The path without its version, if it begins with one. A path without one is served by the oldest that lives.
versioned split_version(std::string_view path, sys_ms now);

} // namespace connectd::sandbox::graph

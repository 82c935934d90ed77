#pragma once

// The table of everything that can be set: for each key how its value is read, checked and stored. Used while
// loading only, from one thread.

#include "server/config.hpp"
#include "server/config_readers.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server {

// Keys of plans and platforms with NAME for the name in the middle.
std::vector<std::string> const& known_keys();

// Stores the value. Returns what is wrong with it, or nothing. Requires: the key is known.
std::optional<std::string> apply_setting(config& to, std::string_view key, raw_value const& value);

} // namespace connectd::server

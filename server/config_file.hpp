#pragma once

// A TOML text as a flat list of what stands in it, with line numbers. Knows nothing of settings. The only
// wrapper of toml++. Pure function.

#include "server/config_readers.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server {

struct file_entry {
    std::string key; // with dots: "outbound.ca_file"
    raw_value value; // of a table: unusable
    bool is_table = false;
    unsigned line = 0;
};

struct file_syntax_error {
    std::string text;
    unsigned line = 0;
};

struct file_entries {
    std::vector<file_entry> entries{}; // tables before what is in them
    std::optional<file_syntax_error> error{};
};

file_entries read_toml(std::string_view text);

} // namespace connectd::server

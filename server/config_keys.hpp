#pragma once

// The names of settings: with dots in the file and in messages, in capitals in the environment. Keys of
// plans, platforms and quickstart apps have a name in the middle, `platforms.x.token_url`, and are known as
// `platforms.NAME.token_url`. Pure functions over the list of known keys.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server {

struct key_pattern {
    std::string key;  // as known: "platforms.NAME.token_url"
    std::string name; // what stands for NAME, empty where there is none
};

key_pattern pattern_of(std::string_view key);

bool is_known_key(std::string_view key, std::vector<std::string> const& known);

// Whether `key` is a table with known keys below it: "log", "platforms", "platforms.x".
bool is_known_table(std::string_view key, std::vector<std::string> const& known);

// "outbound.ca_file" -> "CONNECTD_OUTBOUND_CA_FILE".
std::string environment_name(std::string_view key);

// The key that a variable sets; nothing when it is none of ours. Names of plans and platforms come back in
// lower case.
std::optional<std::string> key_of_environment(std::string_view variable,
                                              std::vector<std::string> const& known);

// What the writer of an unknown key or table probably meant.
std::optional<std::string> meant_key(std::string_view unknown, std::vector<std::string> const& known);
std::optional<std::string> meant_variable(std::string_view unknown, std::vector<std::string> const& known);

} // namespace connectd::server

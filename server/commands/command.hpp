// What the subcommands share: the flags that several of them take, and the settings that follow from them.
//
// Each command's file adds a subcommand with its help; what goes wrong in it is an exception, which main
// prints. One thread.
#pragma once

#include "server/config_load.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace connectd::server::commands {

// --config and the flags that stand for settings.
struct common_flags {
    std::optional<std::filesystem::path> file;
    config_flags settings;
};

void add_common_flags(CLI::App& command, common_flags& into);

// Those of them that decide which platforms there are: --config and --platforms-dir.
void add_platform_flags(CLI::App& command, common_flags& into);

// CLI11 itself would only say that a subcommand is missing. Throws CLI::ParseError, which names the word that
// is none.
void refuse_unknown_subcommand(CLI::App const& program, std::vector<std::string> const& arguments);

// Flags over environment over file over defaults. Throws config_error.
config load_config(common_flags const& flags);

} // namespace connectd::server::commands

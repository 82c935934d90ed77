// What the subcommands share: the flags that several of them take, and the settings that follow from them.
//
// Each command's file adds a subcommand with its help; what goes wrong in it is an exception, which main
// prints. One thread.
#pragma once

#include "server/config_load.hpp"

#include <filesystem>
#include <optional>
#include <string>

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

// Flags over environment over file over defaults. Throws config_error.
config load_config(common_flags const& flags);

} // namespace connectd::server::commands

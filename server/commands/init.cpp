#include "server/commands/init.hpp"

#include "server/home.hpp"
#include "server/runtime/clock.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace connectd::server::commands {
namespace {

void init(common_flags const& flags) {
    auto const settings = load_config(flags);
    runtime::system_clock const clock;
    home const made{settings, clock};
    if (!made.made_master_key() && !made.made_root_key()) {
        std::printf("%s is initialised already.\n", settings.data_dir.c_str());
        return;
    }
    std::printf("Initialised %s.\n", settings.data_dir.c_str());
    if (auto const& file = made.made_master_key()) {
        std::printf("Master key:   %s (keep a copy elsewhere: without it, all connections are lost)\n",
                    file->c_str());
    }
    if (auto const& file = made.made_root_key()) {
        std::printf("Root API key: %s\n", file->c_str());
    }
}

} // namespace

void add_init(CLI::App& program) {
    auto* command = program.add_subcommand("init", "Make the data folder with its store and keys, and end");
    auto const flags = std::make_shared<common_flags>();
    add_common_flags(*command, *flags);
    command->callback([flags] { init(*flags); });
}

} // namespace connectd::server::commands

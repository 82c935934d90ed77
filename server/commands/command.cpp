#include "server/commands/command.hpp"

#include <CLI/CLI.hpp>

namespace connectd::server::commands {

void add_platform_flags(CLI::App& command, common_flags& into) {
    command.add_option("--config", into.file, "TOML file with settings; see connectd.example.toml")
        ->type_name("FILE");
    command
        .add_option("--platforms-dir", into.settings.platforms_dir,
                    "Folder with platform files of your own (*.json)")
        ->type_name("DIR");
}

void add_common_flags(CLI::App& command, common_flags& into) {
    add_platform_flags(command, into);
    command
        .add_option("--data-dir", into.settings.data_dir,
                    "Folder of the store and the keys; made if it is not there")
        ->type_name("DIR");
    command.add_option("--log-level", into.settings.log_level, "debug, info, warning, error or off")
        ->type_name("LEVEL");
    command.footer("Every setting can also be given in the environment: CONNECTD_DATA_DIR, CONNECTD_LISTEN, "
                   "CONNECTD_PLATFORMS_X_TOKEN_URL, ...\nFlags win over the environment, the environment "
                   "over the file.");
}

void refuse_unknown_subcommand(CLI::App const& program, std::vector<std::string> const& arguments) {
    auto const* command = &program;
    for (auto const& argument : arguments) {
        if (command->get_require_subcommand_min() == 0) {
            return; // what follows are its own arguments
        }
        if (argument.starts_with('-')) {
            continue;
        }
        try {
            command = command->get_subcommand(argument);
        } catch (CLI::OptionNotFound const&) {
            throw CLI::ExtrasError(command->get_name() + " has no subcommand \"" + argument + '"',
                                   CLI::ExitCodes::ExtrasError);
        }
    }
}

config load_config(common_flags const& flags) {
    return server::load_config(flags.file, connectd_environment(), flags.settings);
}

} // namespace connectd::server::commands

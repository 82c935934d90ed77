#include "server/commands/command.hpp"

#include <CLI/CLI.hpp>

namespace connectd::server::commands {

void add_common_flags(CLI::App& command, common_flags& into) {
    command.add_option("--config", into.file, "TOML file with settings; see connectd.example.toml")
        ->type_name("FILE");
    command
        .add_option("--data-dir", into.settings.data_dir,
                    "Folder of the store and the keys; made if it is not there")
        ->type_name("DIR");
    command
        .add_option("--platforms-dir", into.settings.platforms_dir,
                    "Folder with platform files of your own (*.json)")
        ->type_name("DIR");
    command.add_option("--log-level", into.settings.log_level, "debug, info, warning, error or off")
        ->type_name("LEVEL");
    command.footer("Every setting can also be given in the environment: CONNECTD_DATA_DIR, CONNECTD_LISTEN, "
                   "CONNECTD_PLATFORMS_X_TOKEN_URL, ...\nFlags win over the environment, the environment "
                   "over the file.");
}

config load_config(common_flags const& flags) {
    return server::load_config(flags.file, connectd_environment(), flags.settings);
}

} // namespace connectd::server::commands

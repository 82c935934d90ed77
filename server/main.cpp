// connectd: one binary, its subcommands in server/commands.
#include "server/commands/audit.hpp"
#include "server/commands/command.hpp"
#include "server/commands/init.hpp"
#include "server/commands/platforms.hpp"
#include "server/commands/serve.hpp"
#include "server/commands/version.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    using namespace connectd::server;
    CLI::App program{"connectd connects your users' social accounts and keeps their tokens alive.",
                     "connectd"};
    program.require_subcommand(1);
    commands::add_serve(program);
    commands::add_init(program);
    commands::add_platforms(program);
    commands::add_audit(program);
    commands::add_version(program);
    try {
        commands::refuse_unknown_subcommand(program, {argv + 1, argv + argc});
        program.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return program.exit(error);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "connectd: %s\n", error.what());
        return 1;
    }
    return 0;
}

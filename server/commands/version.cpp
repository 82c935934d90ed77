#include "server/commands/version.hpp"

#include <CLI/CLI.hpp>
#include <boost/version.hpp>

#include <cstdio>

namespace connectd::server::commands {

void add_version(CLI::App& program) {
    program.add_subcommand("version", "Show the version")->callback([] {
        std::printf("connectd %s (%s, Boost %d.%d)\n", CONNECTD_VERSION, __VERSION__, BOOST_VERSION / 100000,
                    BOOST_VERSION / 100 % 1000);
    });
}

} // namespace connectd::server::commands

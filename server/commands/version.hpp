// connectd version: what this binary is and was built with.
#pragma once

#include "server/commands/command.hpp"

namespace connectd::server::commands {

void add_version(CLI::App& program);

} // namespace connectd::server::commands

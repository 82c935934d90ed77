// connectd platforms: what can be connected, and whether a platform file is good. Both need no data folder.
#pragma once

#include "server/commands/command.hpp"

namespace connectd::server::commands {

void add_platforms(CLI::App& program);

} // namespace connectd::server::commands

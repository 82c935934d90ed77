// connectd serve: runs the server until a signal ends it.
#pragma once

#include "server/commands/command.hpp"

namespace connectd::server::commands {

void add_serve(CLI::App& program);

} // namespace connectd::server::commands

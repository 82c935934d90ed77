// connectd init: makes the data folder, the store and the keys, and ends.
#pragma once

#include "server/commands/command.hpp"

namespace connectd::server::commands {

void add_init(CLI::App& program);

} // namespace connectd::server::commands

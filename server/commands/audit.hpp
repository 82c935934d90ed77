// connectd audit: whether anybody has changed the audit log afterwards. Needs the data folder, no keys, and
// that no server runs on it.
#pragma once

#include "server/commands/command.hpp"

namespace connectd::server::commands {

void add_audit(CLI::App& program);

} // namespace connectd::server::commands

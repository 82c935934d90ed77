// From the configuration to the platforms that a process knows: the built-in ones, the operator's folder over
// them, endpoints of the configuration over both. Start-up and commands; reads files.
#pragma once

#include "platforms/catalog.hpp"
#include "server/config.hpp"

namespace connectd::server {

// Throws start_error with every problem there is, a line each.
platforms::catalog load_platforms(config const& settings);

} // namespace connectd::server

// How the control API scripts troubles: handlers for `/NAME/troubles` and `/NAME/troubles/{id}`, where NAME
// is one of the Graph platforms, which lists them among its own routes.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/control/route.hpp"

namespace connectd::sandbox::graph {

reply add_trouble(control::exchange const& with);
reply list_troubles(control::exchange const& with);
reply clear_troubles(control::exchange const& with);
reply clear_trouble(control::exchange const& with);

} // namespace connectd::sandbox::graph

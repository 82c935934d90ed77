// What Facebook tells an app about one of its tokens.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/gate.hpp"

namespace connectd::sandbox::facebook {

// Requires: a call to /debug_token.
reply debug_token(graph::graph_call const& asked, oauth::apps const& registered, oauth::grants const& issued,
                  people const& persons, graph::gate const& door);

} // namespace connectd::sandbox::facebook

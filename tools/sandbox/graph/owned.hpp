// What a person has at Meta's platforms, also where nobody gave it to them.
//
// Pure functions, any thread.
#pragma once

#include "tools/sandbox/people.hpp"

namespace connectd::sandbox::graph {

// Somebody fresh has one page with an Instagram account.
assets assets_of(person const& who);

} // namespace connectd::sandbox::graph

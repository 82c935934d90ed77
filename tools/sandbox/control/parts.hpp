// What the control API controls: references to every part of one sandbox.
#pragma once

#include "tools/sandbox/bluesky/bluesky_platform.hpp"
#include "tools/sandbox/clock.hpp"
#include "tools/sandbox/faults.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/x/x_platform.hpp"

#include <string>

namespace connectd::sandbox::control {

struct base_urls {
    std::string x, bluesky, control;
};

// Everything outlives it.
struct parts {
    sandbox_clock& clock;
    people& persons;
    x::x_platform& x;
    bluesky::bluesky_platform& bluesky;
    fault_plan& faults;
    journal& log;
    base_urls urls;
};

} // namespace connectd::sandbox::control

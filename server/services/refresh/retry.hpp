// How long to wait after a refresh that did not work. Pure functions, any thread.
#pragma once

#include "platforms/error.hpp"
#include "server/runtime/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace connectd::server::services::refresh {

struct failed_attempt {
    platforms::verdict what = platforms::verdict::temporary;
    std::uint32_t in_a_row = 1; // this one included
    std::optional<std::chrono::seconds> retry_after = {};
    // For an unknown outcome: whether it is the first, or the first after the grace of those before it, and
    // how long a token spent then is accepted from here on (zero: not, or no longer).
    bool first_unknown = false;
    std::chrono::milliseconds grace_left{0};
};

//   temporary        half a minute, doubling up to an hour
//   unknown_outcome  the first is tried again within seconds: while the platform still knows what it did; the
//                    next as temporary, but twice within what is left of the grace
//   operator_fault   a quarter of an hour, doubling up to six: only a person can mend it
// Never shorter than the platform asks for. `chance` (0 to 1) makes it up to half longer, so that accounts
// that failed together do not come back together.
std::chrono::milliseconds pause_after(failed_attempt const& last, double chance);

} // namespace connectd::server::services::refresh

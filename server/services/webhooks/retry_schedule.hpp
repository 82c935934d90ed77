// When an endpoint that failed is tried again: soon at first, then less and less often, for three days; a
// short trouble costs seconds and a long one does not turn into a flood. Pure functions, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace connectd::server::services::webhooks {

// From the first of a row of failures on. What has failed that long is given up.
inline constexpr std::chrono::milliseconds patience = std::chrono::hours{72};

// The pause before the next attempt, after `failures` of them in a row (at least 1) over `failing_for`.
// Nothing when it is time to give up. What the endpoint asks for with Retry-After is waited for, within the
// patience. `chance` from 0 to 1 spreads the attempts: a fifth earlier to a fifth later.
std::optional<std::chrono::milliseconds> next_pause(std::uint32_t failures,
                                                    std::chrono::milliseconds failing_for,
                                                    std::optional<std::chrono::seconds> retry_after,
                                                    double chance);

} // namespace connectd::server::services::webhooks

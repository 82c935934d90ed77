// When tokens end and when to refresh them, by the descriptor's refresh model. Pure functions of their
// arguments; callable from any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/token_set.hpp"

#include <chrono>
#include <optional>

namespace connectd::platforms {

using sys_ms = std::chrono::sys_time<std::chrono::milliseconds>;

// The end of the access token that `tokens`, received at `now`, carries: what the answer says, else the
// descriptor's lifetime, else nothing (it does not end by time).
std::optional<sys_ms> access_expiry(descriptor const& platform, token_set const& tokens, sys_ms now);

// The same for the refresh token; nothing when there is none.
std::optional<sys_ms> refresh_expiry(descriptor const& platform, token_set const& tokens, sys_ms now);

// The first moment to refresh, or nothing when no refresh is possible or needed. The refresh comes
// `lead_time` before the end (never before half of a short life), not before `minimum_age`, at the latest
// after `idle_limit`, and `lead_time` before the refresh token's own end. `jitter` spreads it over up to half
// of the lead time earlier, so that accounts connected together do not refresh together. A static refresh
// token ends when it ends: an access token that lives as long is not refreshed any more. Requires: 0 <=
// jitter <= 1.
std::optional<sys_ms> first_refresh(descriptor const& platform, token_set const& tokens, sys_ms now,
                                    double jitter);

} // namespace connectd::platforms

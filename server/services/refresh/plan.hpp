// What is to happen to an account, and when: the next refresh, or the next word to the customer about a token
// that only a person can renew. Pure functions but for the chance; any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/token_set.hpp"
#include "server/runtime/clock.hpp"
#include "storage/tables/accounts.hpp"

#include <chrono>
#include <optional>

namespace connectd::server::services::refresh {

// However soon a token ends, it is not refreshed before this long after it came.
inline constexpr std::chrono::seconds shortest_pause{30};

// How long ahead of its end a token that cannot be refreshed is announced.
inline constexpr std::chrono::days first_warning{7};
inline constexpr std::chrono::days last_warning{1};

// Writes into `row` when `tokens`, received at `now`, end and what happens next. `chance` as `jitter` of
// platforms/refresh_plan.hpp.
void plan(storage::account& row, platforms::descriptor const& platform, platforms::token_set const& tokens,
          runtime::sys_ms now, double chance);

// Writes into `row` that nothing can refresh it; the end of its access token is then announced.
void plan_without_refresh(storage::account& row, runtime::sys_ms now);

// The end that refreshing does not move, or nothing: the access token's where there is no refresh, and a
// refresh token's that stays the same. `model` is the platform's.
std::optional<runtime::sys_ms> fixed_end(storage::account const& row, platforms::refresh_model model);

// The next moment to say something about that end: before it while there is a warning to come, at it where it
// is the account's own.
std::optional<runtime::sys_ms> next_notice(storage::account const& row, platforms::refresh_model model,
                                           runtime::sys_ms now);

// A number from 0 to 1, to spread moments with.
double chance();

} // namespace connectd::server::services::refresh

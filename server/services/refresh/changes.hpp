// What becomes of an account and its token by the way a refresh ended: the rows afterwards, and the event
// that says so. Decides nothing about when and writes nothing. Pure functions, any thread.
#pragma once

#include "crypto/sealed.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/token_set.hpp"
#include "server/runtime/clock.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/tokens.hpp"

#include <optional>
#include <string>

namespace connectd::server::services::refresh {

struct rows {
    storage::account account;
    storage::token token;
};

struct change {
    rows after;
    std::optional<storage::event> event;
};

// The platform gave new tokens, which are sealed in `material`: the next generation.
change refreshed(rows before, platforms::descriptor const& platform, platforms::token_set const& fresh,
                 crypto::sealed material, runtime::sys_ms now, double chance);

// The grant is dead. `reconnect_url` is where a person can mend it.
struct death {
    storage::account_status status = storage::account_status::token_expired;
    std::string cause = "grant_refused";
    std::string reconnect_url = {};
};
change ended(rows before, death const& how, runtime::sys_ms now);

// Why the grant is dead, in one word that programs can rely on: refresh_outcome_lost where an earlier attempt
// may have spent the token and its answer never came, expired where the token's time was over anyway,
// otherwise what the platform says (grant_refused, access_denied, account_suspended). `token` is as it was
// before the attempt that was refused.
death death_of(storage::token const& token, platforms::refresh_model model, platforms::failure const& refusal,
               runtime::sys_ms now);

// It did not work this time. The account stays as it is and is tried again after `pause`.
struct setback {
    std::chrono::milliseconds pause{0};
    std::string cause = {};
    bool retryable = true;
    // Whether the first of a row of failures is worth an event of the account; what is the app's fault is
    // told once for the app.
    bool announced = true;
    std::optional<runtime::sys_ms> spending_since = {}; // the mark of the token, from now on
};
change postponed(rows before, setback const& why, runtime::sys_ms now);

// Not now, for a reason that is not the account's: nothing was asked and nothing failed.
change deferred(rows before, runtime::sys_ms until);

// It cannot be refreshed at all any more; it lives until its access token ends.
change unrefreshable(rows before, std::string cause, runtime::sys_ms now);

// Whether the platform may have acted on a refresh that failed this way.
bool may_have_spent(platforms::failure const& why) noexcept;

} // namespace connectd::server::services::refresh

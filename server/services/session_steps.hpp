// What every way of finishing a connect session does to its row: take it for oneself, end it well or badly,
// and look again when another writer came first.
//
// Functions on the caller's thread; what is passed by reference outlives the call.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/connect_claims.hpp"
#include "server/services/error.hpp"
#include "storage/kv.hpp"
#include "storage/tables/sessions.hpp"

#include <string>
#include <vector>

namespace connectd::server::services {

// Whether the session is in that open status and in its time. Errors: session_used, session_expired, and for
// a choice that comes before the consent session_not_choosing.
outcome<void> require_status(storage::session const& row, storage::session_status wanted,
                             runtime::sys_ms now);

// A session that nobody else in this process completes while it is held.
struct held_session {
    storage::stored<storage::session> row;
    connect_claims::claim claim;
};

// Takes the session and reads it again: whoever held it before may just have ended it. Errors: session_used
// when it is taken or not in the status wanted, session_expired.
runtime::task<outcome<held_session>> hold(storage::kv& store, connect_claims& claims,
                                          runtime::clock const& clock, storage::session const& row,
                                          storage::session_status wanted);

// After a guard failed: the row as it is now, for another try. Errors: session_used when it has left the
// status that `row` has.
runtime::task<outcome<storage::stored<storage::session>>> read_again(storage::kv& store,
                                                                     storage::stored<storage::session> row);

// What the row keeps of the cookie of the browser that a session is bound to, and whether it is this one.
std::string browser_digest(crypto::secret const& browser);
bool is_bound(storage::session const& row, crypto::secret const& browser) noexcept;

// The session ended with these accounts. Requires: at least one.
storage::session completed(storage::session row, std::vector<crypto::account_id> accounts,
                           runtime::sys_ms now);

// The session ended as `how` (failed, cancelled, expired) without one.
storage::session ended(storage::session row, storage::session_status how, failure const& why,
                       runtime::sys_ms now);

// Writes that end with its event, `failed` or after a declined consent `cancelled`. Answers the row as it is
// then. Errors: session_used when another writer has ended it, changed_meanwhile, those of the store.
runtime::task<outcome<storage::session>> end_unconnected(storage::kv& store, runtime::clock const& clock,
                                                         storage::stored<storage::session> row, failure why);

} // namespace connectd::server::services

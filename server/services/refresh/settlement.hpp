// Writes what a refresh came to: account, token, due row and event in one batch, and only if the token is
// still the one it was about. Whoever connects the account anew meanwhile wins, and nothing of the older
// attempt is written over it.
//
// Holds references only; any thread, its coroutines run where they are awaited.
#pragma once

#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/refresh/changes.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/tokens.hpp"

#include <functional>
#include <optional>

namespace connectd::server::services::refresh {

struct stored_rows {
    storage::stored<storage::account> account;
    storage::stored<storage::token> token;

    rows records() const { return {account.record, token.record}; }
};

// An account and its token; nothing when one of them is not there.
runtime::task<outcome<std::optional<stored_rows>>>
read_rows(storage::kv& store, crypto::workspace_id workspace, crypto::account_id account);

// Why read_rows answered nothing: account_not_found, or reconnect_needed for an account that is disconnected.
runtime::task<failure> explain_nothing(storage::kv& store, crypto::workspace_id workspace,
                                       crypto::account_id account);

// reconnect_needed, in the words of the account's status.
failure needs_reconnect(storage::account const& row);

// Writes the mark that this token is being spent since `since`, before it is, and makes the account due
// `now`, so that the timer finds what a crash cuts off. Answers the rows as they are then, or nothing when
// they have changed since they were read.
runtime::task<outcome<std::optional<stored_rows>>> mark_spending(storage::kv& store, stored_rows held,
                                                                 runtime::sys_ms since, runtime::sys_ms now);

// Applies `make` to the rows as they are and writes the outcome, as often as it takes: others may change the
// account, but as long as the token has not moved on, what is known about it must not be lost. Answers the
// account as written, or nothing when the token has moved on or is gone.
runtime::task<outcome<std::optional<storage::account>>> settle(storage::kv& store, stored_rows held,
                                                               std::function<change(rows)> make);

} // namespace connectd::server::services::refresh

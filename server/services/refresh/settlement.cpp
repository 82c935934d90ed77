#include "server/services/refresh/settlement.hpp"

#include "storage/tables/events.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/write_batch.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <string>
#include <utility>

namespace connectd::server::services::refresh {

runtime::task<outcome<std::optional<stored_rows>>>
read_rows(storage::kv& store, crypto::workspace_id workspace, crypto::account_id account) {
    auto row = co_await storage::accounts::get(store, workspace, account);
    if (row.has_error()) {
        co_return row.error();
    }
    auto token = co_await storage::tokens::get(store, workspace, account);
    if (token.has_error()) {
        co_return token.error();
    }
    if (!*row || !*token) {
        co_return std::optional<stored_rows>{};
    }
    co_return std::optional{stored_rows{std::move(**row), std::move(**token)}};
}

failure needs_reconnect(storage::account const& row) {
    std::string const status = boost::describe::enum_to_string(row.status, "unknown");
    return {errc::reconnect_needed,
            "The account is " + status + " (" + row.status_cause + "); its owner has to connect it again."};
}

runtime::task<failure> explain_nothing(storage::kv& store, crypto::workspace_id workspace,
                                       crypto::account_id account) {
    auto const row = co_await storage::accounts::get(store, workspace, account);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row || (*row)->record.status != storage::account_status::disconnected) {
        co_return errc::account_not_found;
    }
    co_return needs_reconnect((*row)->record);
}

runtime::task<outcome<std::optional<stored_rows>>> mark_spending(storage::kv& store, stored_rows held,
                                                                 runtime::sys_ms since, runtime::sys_ms now) {
    auto marked = held.token.record;
    marked.spending_since = since;
    auto due = held.account.record;
    bool const early = !due.next_refresh_at || *due.next_refresh_at > now;
    if (!early && held.token.record.spending_since == since) {
        co_return std::optional{std::move(held)}; // says so already
    }
    storage::write_batch batch;
    storage::tokens::replace(batch, held.token, marked);
    if (early) {
        due.next_refresh_at = now;
        storage::accounts::replace(batch, held.account, due);
        storage::refresh_dues::move(batch, storage::due_of(held.account.record), storage::due_of(due));
    }
    auto const written = co_await store.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return std::optional<stored_rows>{};
    }
    if (written.has_error()) {
        co_return written.error();
    }
    held.token = {std::move(marked), *written};
    if (early) {
        held.account = {std::move(due), *written};
    }
    co_return std::optional{std::move(held)};
}

runtime::task<outcome<std::optional<storage::account>>> settle(storage::kv& store, stored_rows held,
                                                               std::function<change(rows)> make) {
    auto const generation = held.token.record.generation;
    auto const issued_at = held.token.record.issued_at;
    for (;;) {
        auto next = make(held.records());
        storage::write_batch batch;
        storage::accounts::replace(batch, held.account, next.after.account);
        storage::tokens::replace(batch, held.token, next.after.token);
        storage::refresh_dues::move(batch, storage::due_of(held.account.record),
                                    storage::due_of(next.after.account));
        if (next.event) {
            storage::events::create(batch, *next.event);
        }
        auto const written = co_await store.commit(std::move(batch));
        if (written.has_value()) {
            co_return std::optional{std::move(next.after.account)};
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
        auto again = co_await read_rows(store, held.account.record.workspace, held.account.record.id);
        if (again.has_error()) {
            co_return again.error();
        }
        // Sealing a token anew changes its row and not the token.
        if (!*again || (*again)->token.record.generation != generation ||
            (*again)->token.record.issued_at != issued_at) {
            co_return std::optional<storage::account>{};
        }
        held = std::move(**again);
    }
}

} // namespace connectd::server::services::refresh

#include "server/services/disconnects.hpp"

#include "server/services/account_events.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/tables/tokens.hpp"

#include <chrono>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr int max_tries = 4;
constexpr std::chrono::minutes first_retry{1};

storage::account without_tokens(storage::account row, runtime::sys_ms now) {
    row.status = storage::account_status::disconnected;
    row.status_cause = "requested";
    row.access_expires_at.reset();
    row.refresh_expires_at.reset();
    row.next_refresh_at.reset();
    row.next_notice_at.reset();
    row.updated_at = now;
    return row;
}

} // namespace

runtime::task<outcome<disconnected_account>> disconnects::disconnect(crypto::workspace_id workspace,
                                                                     std::string id, disconnect_wish wish,
                                                                     seen_version seen) {
    auto row = co_await find_account(store_, workspace, std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    if (auto const same = check_version(version_of(view(row->record)), seen); same.has_error()) {
        co_return same.error();
    }
    co_return co_await tasks_.run("disconnect", part(std::move(*row), wish));
}

runtime::task<outcome<disconnected_account>> disconnects::part(storage::stored<storage::account> row,
                                                               disconnect_wish wish) {
    row = co_await renewed(std::move(row));
    auto grant = co_await open_grant(row.record, wish.revoke);
    if (grant.has_error()) {
        co_return grant.error();
    }
    auto revocation = revocation_outcome::not_possible;
    std::optional<storage::revocation> owed;
    if (*grant) {
        auto const went = co_await grants_.revoke(**grant);
        if (went.has_error()) {
            co_return went.error();
        }
        revocation = *went;
        if (*went == revocation_outcome::pending) {
            auto again = co_await grants_.owe(**grant, 1, first_retry);
            if (again.has_error()) {
                co_return again.error();
            }
            owed = std::move(*again);
        }
    }
    auto const wiped = co_await wipe(std::move(row), std::move(owed), wish.row);
    if (wiped.has_error()) {
        co_return wiped.error();
    }
    if (revocation == revocation_outcome::kept) {
        auto const went = co_await revoke_after_all(std::move(**grant));
        revocation = went.has_value() ? *went : revocation_outcome::kept;
    }
    co_return disconnected_account{view(*wiped), revocation};
}

// Where only a living access token can be revoked, one that has ended is renewed first: by the refresher,
// which never spends a token twice at a time. Whether it worked shows in the revocation.
runtime::task<storage::stored<storage::account>> disconnects::renewed(storage::stored<storage::account> row) {
    auto const& record = row.record;
    auto const* platform = catalog_.find(record.platform);
    bool const over = record.access_expires_at && *record.access_expires_at <= clock_.now();
    if (platform == nullptr || !platform->revoke.refresh_first || !over ||
        record.status != storage::account_status::active) {
        co_return row;
    }
    co_await refreshes_.refresh({.workspace = record.workspace, .account = record.id});
    auto again = co_await storage::accounts::get(store_, record.workspace, record.id);
    if (again.has_value() && *again) {
        co_return std::move(**again);
    }
    co_return row;
}

// What there is to revoke; nothing when there are no tokens or they cannot be opened any more: neither may
// keep an account from being disconnected.
runtime::task<outcome<std::optional<revocable_grant>>> disconnects::open_grant(storage::account const& row,
                                                                               revoke_wish wish) {
    auto const token = co_await storage::tokens::get(store_, row.workspace, row.id);
    if (token.has_error()) {
        co_return token.error();
    }
    if (!*token) {
        co_return std::nullopt;
    }
    auto opened = co_await open_token(keys_, (*token)->record);
    if (opened.has_error() && opened.error().code == make_error_code(errc::sealed_value_damaged)) {
        co_return std::nullopt;
    }
    if (opened.has_error()) {
        co_return opened.error();
    }
    co_return revocable_grant{row, std::move(*opened), wish == revoke_wish::always};
}

// Everything that makes the account a connected one goes in one batch; what is still owed to the platform is
// written in the same one. Answers the account as it is then, or was last.
runtime::task<outcome<storage::account>> disconnects::wipe(storage::stored<storage::account> old,
                                                           std::optional<storage::revocation> owed,
                                                           row_wish wish) {
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto const& row = old.record;
        bool const was_connected = row.status != storage::account_status::disconnected;
        if (!was_connected && wish == row_wish::keep) {
            co_return row;
        }
        auto const last = was_connected ? without_tokens(row, clock_.now()) : row;
        storage::write_batch batch;
        if (wish == row_wish::keep) {
            storage::accounts::replace(batch, old, last);
        } else {
            storage::accounts::erase(batch, old);
        }
        batch.erase(storage::tokens::where, storage::tokens::key(row.workspace, row.id));
        storage::refresh_dues::move(batch, storage::due_of(row), std::nullopt);
        if (was_connected) {
            storage::events::create(batch, account_event("account.disconnected", last, clock_.now()));
        }
        if (owed) {
            storage::revocations::put(batch, *owed);
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            co_return last;
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
        auto now_there = co_await storage::accounts::get(store_, row.workspace, row.id);
        if (now_there.has_error()) {
            co_return now_there.error();
        }
        if (!*now_there) {
            co_return errc::account_not_found;
        }
        old = std::move(**now_there);
    }
    co_return errc::changed_meanwhile;
}

// For an account that kept its grant because of others: when the others went at the same moment, each of them
// for the same reason, the last one revokes.
runtime::task<outcome<revocation_outcome>> disconnects::revoke_after_all(revocable_grant grant) {
    auto const went = co_await grants_.revoke(grant);
    if (went.has_error() || *went != revocation_outcome::pending) {
        co_return went;
    }
    auto const owed = co_await grants_.owe(grant, 1, first_retry);
    if (owed.has_error()) {
        co_return owed.error();
    }
    storage::write_batch batch;
    storage::revocations::put(batch, *owed);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    co_return went;
}

} // namespace connectd::server::services

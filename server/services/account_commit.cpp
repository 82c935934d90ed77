#include "server/services/account_commit.hpp"

#include "crypto/random.hpp"
#include "platforms/refresh_plan.hpp"
#include "platforms/token_material.hpp"
#include "server/services/account_events.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/refresh_due.hpp"

#include <array>
#include <utility>

namespace connectd::server::services {
namespace {

// Somebody else connecting the same identity at the same moment moves the rows under us; once more is nearly
// always enough.
constexpr int max_tries = 4;

// Spreads due times; quality of the randomness does not matter.
double jitter() {
    std::array<std::uint8_t, 2> raw{};
    crypto::random_fill(raw);
    return (raw[0] * 256 + raw[1]) / 65535.0;
}

std::optional<storage::refresh_due> due_of(storage::account const& row) {
    if (!row.next_refresh_at) {
        return std::nullopt;
    }
    return storage::refresh_due{.due = *row.next_refresh_at, .workspace = row.workspace, .account = row.id};
}

storage::session ended(storage::session row, storage::account const& account, runtime::sys_ms now) {
    row.status = storage::session_status::completed;
    row.account = account.id;
    row.finished_at = now;
    row.secrets = {}; // the state is spent, and the verifier with it
    return row;
}

failure mismatch(storage::account const& wanted, platforms::identity const& got) {
    return {errc::identity_mismatch, "The account to reconnect is " + wanted.username + " (" +
                                         wanted.platform_user_id + "), but " + got.username + " (" + got.id +
                                         ") was signed in."};
}

} // namespace

runtime::task<outcome<account_view>> account_commit::store(new_connection made) {
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto const known = co_await find(made);
        if (known.has_error()) {
            co_return known.error();
        }
        auto const prepared = co_await prepare(made, *known);
        if (prepared.has_error()) {
            co_return prepared.error();
        }
        auto const& row = prepared->account;
        storage::write_batch batch;
        if (known->account) {
            storage::accounts::replace(batch, *known->account, row);
            if (auto const due = due_of(known->account->record)) {
                storage::refresh_dues::erase(batch, *due);
            }
        } else {
            storage::accounts::create(batch, row);
        }
        if (known->token) {
            storage::tokens::replace(batch, *known->token, prepared->token);
        } else {
            storage::tokens::create(batch, prepared->token);
        }
        if (auto const due = due_of(row)) {
            storage::refresh_dues::put(batch, *due);
        }
        storage::events::create(
            batch,
            account_event(known->account ? "account.reconnected" : "account.connected", row, row.updated_at));
        if (made.session) {
            storage::sessions::replace(batch, *made.session,
                                       ended(made.session->record, row, row.updated_at));
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            co_return view(row);
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
        if (made.session) {
            auto const now_there =
                co_await storage::sessions::get(store_, made.workspace, made.session->record.id);
            if (now_there.has_error()) {
                co_return now_there.error();
            }
            if (!*now_there || (*now_there)->record.status != storage::session_status::pending) {
                co_return errc::session_used;
            }
            made.session = **now_there;
        }
    }
    co_return errc::changed_meanwhile;
}

runtime::task<outcome<account_commit::known_account>> account_commit::find(new_connection const& made) {
    known_account known;
    if (made.reconnect) {
        auto const wanted = co_await storage::accounts::get(store_, made.workspace, *made.reconnect);
        if (wanted.has_error()) {
            co_return wanted.error();
        }
        if (!*wanted) {
            co_return failure{errc::account_not_found,
                              "The account to reconnect has been deleted meanwhile."};
        }
        if ((*wanted)->record.platform_user_id != made.who.id) {
            co_return mismatch((*wanted)->record, made.who);
        }
        known.account = **wanted;
    } else {
        auto const same = co_await storage::accounts::find_by_identity(store_, made.workspace, made.profile,
                                                                       made.platform->name, made.who.id);
        if (same.has_error()) {
            co_return same.error();
        }
        known.account = *same;
    }
    if (known.account) {
        auto const token = co_await storage::tokens::get(store_, made.workspace, known.account->record.id);
        if (token.has_error()) {
            co_return token.error();
        }
        known.token = *token;
    }
    co_return known;
}

runtime::task<outcome<account_commit::change>> account_commit::prepare(new_connection& made,
                                                                       known_account const& known) {
    if (auto const kept = co_await keep_refresh_token(made, known); kept.has_error()) {
        co_return kept.error();
    }
    auto const now = clock_.now();
    auto const& platform = *made.platform;
    change next;
    auto& row = next.account;
    if (known.account) {
        row = known.account->record;
    } else {
        row.id = crypto::account_id::make(now);
        row.workspace = made.workspace;
        row.profile = made.profile;
        row.platform = platform.name;
        row.platform_user_id = made.who.id;
        row.created_at = now;
        row.metadata = made.metadata;
    }
    row.credentials = made.credentials;
    row.username = made.who.username;
    row.display_name = made.who.display_name;
    row.avatar_url = made.who.avatar_url;
    row.status = storage::account_status::active;
    row.status_cause.clear();
    row.scopes = made.tokens.scopes.empty() ? made.asked_scopes : made.tokens.scopes;
    row.api_base = made.tokens.api_base;
    row.updated_at = now;
    row.connected_at = now;
    row.access_expires_at = platforms::access_expiry(platform, made.tokens, now);
    row.refresh_expires_at = platforms::refresh_expiry(platform, made.tokens, now);
    row.next_refresh_at = platforms::first_refresh(platform, made.tokens, now, jitter());

    next.token = {.account = row.id,
                  .workspace = row.workspace,
                  .generation = known.token ? known.token->record.generation + 1 : 1,
                  .material = {},
                  .issued_at = now,
                  .access_expires_at = row.access_expires_at,
                  .refresh_expires_at = row.refresh_expires_at};
    if (auto const sealed = co_await seal(next, made.tokens); sealed.has_error()) {
        co_return sealed.error();
    }
    co_return next;
}

// A platform that hands out a refresh token only at the first consent must not lose it to the second.
runtime::task<outcome<void>> account_commit::keep_refresh_token(new_connection& made,
                                                                known_account const& known) {
    if (made.tokens.refresh_token || !known.token) {
        co_return outcome<void>{};
    }
    auto const& old = known.token->record;
    auto opened = co_await open_token(keys_, old);
    if (opened.has_error()) {
        // What cannot be opened cannot be kept, and reconnecting is how an account with a damaged token is
        // mended.
        if (opened.error().code == make_error_code(errc::sealed_value_damaged)) {
            co_return outcome<void>{};
        }
        co_return opened.error();
    }
    if (opened->refresh_token) {
        made.tokens.refresh_token = std::move(opened->refresh_token);
        if (old.refresh_expires_at) {
            made.tokens.refresh_expires_at =
                std::chrono::floor<std::chrono::seconds>(*old.refresh_expires_at);
        }
    }
    co_return outcome<void>{};
}

runtime::task<outcome<void>> account_commit::seal(change& prepared, platforms::token_set const& tokens) {
    auto sealed = co_await seal_token(keys_, prepared.token, tokens);
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    prepared.token.material = std::move(*sealed);
    co_return outcome<void>{};
}

} // namespace connectd::server::services

#include "server/services/account_commit.hpp"

#include "server/services/account_events.hpp"
#include "server/services/refresh/plan.hpp"
#include "server/services/session_steps.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/profiles.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/tables/workspaces.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace connectd::server::services {
namespace {

// Somebody else connecting the same identity at the same moment moves the rows under us; once more is nearly
// always enough.
constexpr int max_tries = 4;

} // namespace

std::string name_of(platforms::identity const& who) {
    auto const& name = who.username.empty() ? who.display_name : who.username;
    return name.empty() ? who.id : name + " (" + who.id + ")";
}

failure identity_mismatch(storage::account const& wanted, std::string const& offered) {
    platforms::identity const who{wanted.platform_user_id, wanted.username, wanted.display_name, {}};
    return {errc::identity_mismatch, "The account to reconnect is " + name_of(who) + ", but " + offered};
}

failure reconnect_target_gone() {
    return {errc::account_not_found, "The account to reconnect has been deleted meanwhile."};
}

runtime::task<outcome<std::vector<account_view>>> account_commit::store(new_connection made) {
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        storage::write_batch batch;
        std::vector<account_view> views;
        std::vector<crypto::account_id> ids;
        std::vector<std::optional<storage::refresh_due>> dues;
        if (auto const chosen = co_await choose_profile(batch, made); chosen.has_error()) {
            co_return chosen.error();
        }
        for (auto& account : made.accounts) {
            auto const row = co_await add(batch, made, account);
            if (row.has_error()) {
                co_return row.error();
            }
            views.push_back(view(*row));
            ids.push_back(row->id);
            dues.push_back(storage::due_of(*row));
        }
        if (made.session) {
            storage::sessions::replace(batch, *made.session,
                                       completed(made.session->record, std::move(ids), clock_.now()));
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            for (auto const& due : dues) {
                refreshes_.changed(due);
            }
            co_return views;
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
        if (made.session) {
            auto now_there = co_await read_again(store_, std::move(*made.session));
            if (now_there.has_error()) {
                co_return now_there.error();
            }
            made.session = std::move(*now_there);
        }
    }
    co_return errc::changed_meanwhile;
}

// The profile must still be there when the accounts arrive.
runtime::task<outcome<void>> account_commit::choose_profile(storage::write_batch& batch,
                                                            new_connection& made) {
    if (made.reconnect) {
        co_return outcome<void>{}; // which stays where it is
    }
    auto profile = co_await storage::profiles::get(store_, made.workspace, made.profile);
    if (profile.has_value() && !*profile) {
        auto const owner = co_await storage::workspaces::get(store_, made.workspace);
        if (owner.has_error()) {
            co_return owner.error();
        }
        if (!*owner || (*owner)->record.deleted_at) {
            co_return errc::workspace_not_found;
        }
        made.profile = (*owner)->record.default_profile;
        profile = co_await storage::profiles::get(store_, made.workspace, made.profile);
    }
    if (profile.has_error()) {
        co_return profile.error();
    }
    if (!*profile) {
        co_return errc::changed_meanwhile;
    }
    batch.require_version(storage::profiles::where, storage::profiles::key((*profile)->record),
                          (*profile)->version);
    co_return outcome<void>{};
}

// Puts everything that belongs to one account into the batch.
runtime::task<outcome<storage::account>>
account_commit::add(storage::write_batch& batch, new_connection const& made, new_account& account) {
    auto const known = co_await find(made, account.who);
    if (known.has_error()) {
        co_return known.error();
    }
    auto prepared = co_await prepare(made, account, *known);
    if (prepared.has_error()) {
        co_return prepared.error();
    }
    auto const& row = prepared->account;
    if (known->account) {
        storage::accounts::replace(batch, *known->account, row);
    } else {
        storage::accounts::create(batch, row);
    }
    if (known->token) {
        storage::tokens::replace(batch, *known->token, prepared->token);
    } else {
        storage::tokens::create(batch, prepared->token);
    }
    storage::refresh_dues::move(
        batch, known->account ? storage::due_of(known->account->record) : std::nullopt, storage::due_of(row));
    storage::events::create(batch, account_event(known->account ? "account.reconnected" : "account.connected",
                                                 row, row.updated_at));
    co_return std::move(prepared->account);
}

runtime::task<outcome<account_commit::known_account>> account_commit::find(new_connection const& made,
                                                                           platforms::identity const& who) {
    known_account known;
    if (made.reconnect) {
        auto const wanted = co_await storage::accounts::get(store_, made.workspace, *made.reconnect);
        if (wanted.has_error()) {
            co_return wanted.error();
        }
        if (!*wanted) {
            co_return reconnect_target_gone();
        }
        if ((*wanted)->record.platform_user_id != who.id || (*wanted)->record.instance != made.instance) {
            co_return identity_mismatch((*wanted)->record, name_of(who) + " was signed in.");
        }
        known.account = **wanted;
    } else {
        auto const same = co_await storage::accounts::find_by_identity(
            store_, made.workspace, made.profile, made.platform->name, who.id, made.instance);
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

runtime::task<outcome<account_commit::change>>
account_commit::prepare(new_connection const& made, new_account& account, known_account const& known) {
    if (auto const kept = co_await keep_refresh_token(account.tokens, known); kept.has_error()) {
        co_return kept.error();
    }
    auto const now = clock_.now();
    auto const& platform = *made.platform;
    auto const& who = account.who;
    auto const& tokens = account.tokens;
    change next;
    auto& row = next.account;
    if (known.account) {
        row = known.account->record;
    } else {
        row.id = crypto::account_id::make(now);
        row.workspace = made.workspace;
        row.profile = made.profile;
        row.platform = platform.name;
        row.platform_user_id = who.id;
        row.created_at = now;
        row.metadata = made.metadata;
    }
    row.credentials = made.credentials;
    row.quickstart = made.quickstart;
    row.instance = made.instance;
    row.username = who.username;
    row.display_name = who.display_name;
    row.avatar_url = who.avatar_url;
    row.status = storage::account_status::active;
    row.status_cause.clear();
    if (!tokens.scopes.empty()) {
        row.scopes = tokens.scopes;
    } else if (!made.asked_scopes.empty()) {
        row.scopes = made.asked_scopes;
    }
    row.api_base = tokens.api_base;
    row.kind = account.kind;
    row.grant_owner = made.grant_owner;
    row.updated_at = now;
    row.connected_at = now;
    refresh::plan(row, platform, tokens, now, refresh::chance());
    if (account.age_unknown && row.next_refresh_at) {
        row.next_refresh_at =
            now + std::max<std::chrono::milliseconds>(refresh::shortest_pause, platform.refresh.minimum_age);
    }

    next.token = {.account = row.id,
                  .workspace = row.workspace,
                  .generation = known.token ? known.token->record.generation + 1 : 1,
                  .material = {},
                  .issued_at = now,
                  .access_expires_at = row.access_expires_at,
                  .refresh_expires_at = row.refresh_expires_at};
    if (auto const sealed = co_await seal(next, tokens); sealed.has_error()) {
        co_return sealed.error();
    }
    co_return next;
}

// A platform that hands out a refresh token only at the first consent must not lose it to the second.
runtime::task<outcome<void>> account_commit::keep_refresh_token(platforms::token_set& tokens,
                                                                known_account const& known) {
    if (tokens.refresh_token || !known.token) {
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
    services::keep_refresh_token(tokens, *opened, old);
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

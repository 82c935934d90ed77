#include "server/services/accounts.hpp"

#include "platforms/instance.hpp"
#include "server/services/account_events.hpp"
#include "server/services/input.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/outbox.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/tables/tokens.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr int max_tries = 4;
constexpr std::chrono::minutes first_retry{1};

outcome<storage::account_filter> check_filter(platforms::catalog const& catalog,
                                              account_filter const& wanted) {
    storage::account_filter filter;
    if (wanted.platform) {
        auto const* platform = catalog.find(*wanted.platform);
        filter.platform = platform == nullptr ? *wanted.platform : platform->name;
    }
    if (wanted.status) {
        storage::account_status status{};
        if (!boost::describe::enum_from_string(wanted.status->c_str(), status)) {
            return failure{errc::field_invalid,
                           "One of active, token_expired, revoked, suspended, disconnected.", "status"};
        }
        filter.status = status;
    }
    if (wanted.profile_id) {
        auto const id = parse_id<crypto::profile_id>(*wanted.profile_id, errc::field_invalid, "profile_id");
        if (id.has_error()) {
            return failure{errc::field_invalid, "Not a profile id.", "profile_id"};
        }
        filter.profile = *id;
    }
    if (wanted.instance) {
        // Origins and issuers are shown as URLs, and of an issuer every byte counts.
        auto const typed = wanted.instance->find("://") != std::string::npos
                               ? platforms::result<std::string>{*wanted.instance}
                               : platforms::parse_instance(*wanted.instance);
        if (typed.has_error()) {
            return failure{errc::field_invalid, "Not the name of a server.", "instance"};
        }
        filter.instance = *typed;
    }
    return filter;
}

} // namespace

std::string_view to_string(storage::account_status status) noexcept {
    return boost::describe::enum_to_string(status, "unknown");
}

account_view view(storage::account const& row) {
    return {.id = row.id,
            .profile = row.profile,
            .credentials = row.credentials,
            .quickstart = row.quickstart,
            .instance = row.instance,
            .platform = row.platform,
            .platform_user_id = row.platform_user_id,
            .kind = row.kind.empty() ? "person" : row.kind, // of before there were others
            .grant_owner = row.grant_owner,
            .username = row.username,
            .display_name = row.display_name,
            .avatar_url = row.avatar_url,
            .status = std::string{to_string(row.status)},
            .status_cause = row.status_cause,
            .scopes = row.scopes,
            .metadata = row.metadata,
            .created_at = row.created_at,
            .updated_at = row.updated_at,
            .connected_at = row.connected_at,
            .access_expires_at = row.access_expires_at,
            .refresh_expires_at = row.refresh_expires_at,
            .next_refresh_at = row.next_refresh_at,
            .last_used_at = row.last_used_at};
}

runtime::task<outcome<listing<account_view>>> accounts::list(crypto::workspace_id workspace,
                                                             account_filter filter, page_request page) {
    auto checked = check_filter(catalog_, filter);
    if (checked.has_error()) {
        co_return checked.error();
    }
    auto const rows = co_await storage::accounts::list(store_, workspace, std::move(*checked),
                                                       std::move(page.cursor), page.limit);
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    listing<account_view> answer{.items = {}, .next_cursor = rows->next_cursor};
    std::ranges::transform(rows->items, std::back_inserter(answer.items),
                           [](storage::account const& row) { return view(row); });
    co_return answer;
}

runtime::task<outcome<account_view>> accounts::get(crypto::workspace_id workspace, std::string id) {
    auto const row = co_await find(workspace, std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    co_return view(row->record);
}

runtime::task<outcome<disconnected_account>> accounts::disconnect(crypto::workspace_id workspace,
                                                                  std::string id, revoke_wish wish) {
    auto row = co_await find(workspace, std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    co_return co_await tasks_.run("disconnect", part(std::move(*row), wish));
}

runtime::task<outcome<disconnected_account>> accounts::part(storage::stored<storage::account> row,
                                                            revoke_wish wish) {
    row = co_await renewed(std::move(row));
    auto grant = co_await open_grant(row.record, wish);
    if (grant.has_error()) {
        co_return grant.error();
    }
    disconnected_account gone{view(row.record), revocation_outcome::not_possible};
    gone.account.status = to_string(storage::account_status::disconnected);
    gone.account.next_refresh_at.reset();
    std::optional<storage::revocation> owed;
    if (*grant) {
        auto const went = co_await grants_.revoke(**grant);
        if (went.has_error()) {
            co_return went.error();
        }
        gone.revocation = *went;
        if (*went == revocation_outcome::pending) {
            auto again = co_await grants_.owe(**grant, 1, first_retry);
            if (again.has_error()) {
                co_return again.error();
            }
            owed = std::move(*again);
        }
    }
    auto const wiped = co_await wipe(std::move(row), std::move(owed));
    if (wiped.has_error()) {
        co_return wiped.error();
    }
    if (gone.revocation == revocation_outcome::kept) {
        auto const went = co_await revoke_after_all(std::move(**grant));
        gone.revocation = went.has_value() ? *went : revocation_outcome::kept;
    }
    co_return gone;
}

// Where only a living access token can be revoked, one that has ended is renewed first: by the refresher,
// which never spends a token twice at a time. Whether it worked shows in the revocation.
runtime::task<storage::stored<storage::account>> accounts::renewed(storage::stored<storage::account> row) {
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

runtime::task<outcome<storage::stored<storage::account>>> accounts::find(crypto::workspace_id workspace,
                                                                         std::string id) {
    auto const parsed = parse_id<crypto::account_id>(id, errc::account_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::accounts::get(store_, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::account_not_found;
    }
    co_return std::move(**row);
}

// What there is to revoke; nothing when there are no tokens or they cannot be opened any more: neither may
// keep an account from being disconnected.
runtime::task<outcome<std::optional<revocable_grant>>> accounts::open_grant(storage::account const& row,
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

// Everything that makes the account one goes in one batch; what is still owed to the platform is written in
// the same one.
runtime::task<outcome<void>> accounts::wipe(storage::stored<storage::account> old,
                                            std::optional<storage::revocation> owed) {
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto const& row = old.record;
        storage::write_batch batch;
        storage::accounts::erase(batch, old);
        batch.erase(storage::tokens::where, storage::tokens::key(row.workspace, row.id));
        storage::refresh_dues::move(batch, storage::due_of(row), std::nullopt);
        auto last = row;
        last.status = storage::account_status::disconnected;
        last.status_cause = "requested";
        storage::events::create(batch, account_event("account.disconnected", last, clock_.now()));
        if (owed) {
            storage::revocations::put(batch, *owed);
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            co_return outcome<void>{};
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
runtime::task<outcome<revocation_outcome>> accounts::revoke_after_all(revocable_grant grant) {
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

#include "server/services/accounts.hpp"

#include "server/runtime/log.hpp"
#include "server/services/account_events.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/input.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/outbox.hpp"
#include "storage/tables/refresh_due.hpp"

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
                                                                  std::string id) {
    auto row = co_await find(workspace, id);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const tokens = co_await open_tokens(row->record);
    if (tokens.has_error()) {
        co_return tokens.error();
    }
    auto const went = co_await revoke(row->record, *tokens);
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto const wiped = co_await wipe(*row, went, *tokens);
        if (wiped.has_value()) {
            auto answer = view(row->record);
            answer.status = to_string(storage::account_status::disconnected);
            co_return disconnected_account{std::move(answer), went};
        }
        if (wiped.error().code != storage::errc::guard_failed) {
            co_return wiped.error();
        }
        row = co_await find(workspace, id);
        if (row.has_error()) {
            co_return row.error();
        }
    }
    co_return errc::changed_meanwhile;
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

// The tokens of the account; nothing when there are none or they cannot be opened any more: neither may keep
// an account from being disconnected.
runtime::task<outcome<std::optional<platforms::token_set>>>
accounts::open_tokens(storage::account const& row) {
    auto const token = co_await storage::tokens::get(store_, row.workspace, row.id);
    if (token.has_error()) {
        co_return token.error();
    }
    if (!*token) {
        co_return std::optional<platforms::token_set>{};
    }
    auto opened = co_await open_token(keys_, (*token)->record);
    if (opened.has_error() && opened.error().code == make_error_code(errc::sealed_value_damaged)) {
        co_return std::optional<platforms::token_set>{};
    }
    if (opened.has_error()) {
        co_return opened.error();
    }
    opened->api_base = row.api_base;
    co_return std::optional<platforms::token_set>{std::move(*opened)};
}

runtime::task<revocation_outcome> accounts::revoke(storage::account const& row,
                                                   std::optional<platforms::token_set> const& tokens) {
    auto const* platform = catalog_.find(row.platform);
    if (!tokens || platform == nullptr || platform->revoke.ends_sibling_accounts || !can_revoke(*platform)) {
        co_return revocation_outcome::not_possible;
    }
    auto const app = co_await open_app(store_, keys_, row.workspace, row.credentials);
    if (app.has_error()) {
        co_return revocation_outcome::not_possible;
    }
    auto const answer =
        co_await connector_.revoke(*platform, platforms::app_credentials{app->client_id, app->client_secret},
                                   *tokens, runtime::deadline_in(settings_.revoke_timeout));
    if (answer.has_value()) {
        co_return revocation_outcome::revoked;
    }
    runtime::log::warning("a revocation failed", {{"account", row.id.to_string()},
                                                  {"platform", row.platform},
                                                  {"reason", answer.error().code.message()}});
    bool const again = answer.error().what == platforms::verdict::temporary ||
                       answer.error().what == platforms::verdict::unknown_outcome;
    co_return again ? revocation_outcome::pending : revocation_outcome::not_possible;
}

// Everything that makes the account one goes in one batch; what is still owed to the platform is written in
// the same one.
runtime::task<outcome<void>> accounts::wipe(storage::stored<storage::account> const& old,
                                            revocation_outcome went,
                                            std::optional<platforms::token_set> const& tokens) {
    auto const now = clock_.now();
    auto const& row = old.record;
    storage::write_batch batch;
    storage::accounts::erase(batch, old);
    batch.erase(storage::tokens::where, storage::tokens::key(row.workspace, row.id));
    if (row.next_refresh_at) {
        storage::refresh_dues::erase(batch,
                                     storage::refresh_due{*row.next_refresh_at, row.workspace, row.id});
    }
    auto last = row;
    last.status = storage::account_status::disconnected;
    last.status_cause = "requested";
    storage::events::create(batch, account_event("account.disconnected", last, now));
    if (went == revocation_outcome::pending && tokens) {
        storage::revocation owed{.workspace = row.workspace,
                                 .account = row.id,
                                 .platform = row.platform,
                                 .credentials = row.credentials,
                                 .material = {},
                                 .api_base = row.api_base,
                                 .attempts = 1,
                                 .next_attempt_at = now + first_retry};
        auto sealed = co_await seal_token(keys_, owed, *tokens);
        if (sealed.has_error()) {
            co_return sealed.error();
        }
        owed.material = std::move(*sealed);
        storage::revocations::put(batch, owed);
    }
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

bool can_revoke(platforms::descriptor const& platform) noexcept {
    return !platform.endpoints.revoke_url.empty() ||
           platform.connect == platforms::connect_kind::app_password;
}

} // namespace connectd::server::services

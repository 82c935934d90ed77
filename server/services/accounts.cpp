#include "server/services/accounts.hpp"

#include "crypto/digest.hpp"
#include "platforms/instance.hpp"
#include "server/services/account_events.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/profiles.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr int max_tries = 4;
constexpr std::size_t max_metadata = 16 * 1024;
// Accounts are looked at one by one to be counted, so that has an end.
constexpr std::size_t most_counted = 10'000;

outcome<void> check_status(storage::account_filter& filter, std::optional<std::string> const& wanted) {
    if (!wanted) {
        filter.connected_only = true;
        return {};
    }
    storage::account_status status{};
    if (*wanted == "all") {
        return {};
    }
    if (!boost::describe::enum_from_string(wanted->c_str(), status)) {
        return failure{errc::field_invalid,
                       "One of active, token_expired, revoked, suspended, disconnected, all.", "status"};
    }
    filter.status = status;
    return {};
}

outcome<storage::account_filter> check_filter(platforms::catalog const& catalog,
                                              account_filter const& wanted) {
    storage::account_filter filter;
    if (auto const good = check_status(filter, wanted.status); good.has_error()) {
        return good.error();
    }
    if (auto const good = check_optional_text(wanted.text, "q"); good.has_error()) {
        return good.error();
    }
    filter.text = wanted.text;
    if (wanted.platform) {
        auto const* platform = catalog.find(*wanted.platform);
        filter.platform = platform == nullptr ? *wanted.platform : platform->name;
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

std::uint64_t version_of(account_view const& shown) {
    auto const digest =
        crypto::sha256(shown.profile.to_string() + ' ' +
                       std::to_string(shown.connected_at.time_since_epoch().count()) + ' ' + shown.metadata);
    std::uint64_t version = 0;
    for (std::size_t index = 0; index < sizeof version; ++index) {
        version = version << 8 | digest[index];
    }
    return version;
}

runtime::task<outcome<storage::stored<storage::account>>>
find_account(storage::kv& store, crypto::workspace_id workspace, std::string id) {
    auto const parsed = parse_id<crypto::account_id>(id, errc::account_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::accounts::get(store, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::account_not_found;
    }
    co_return std::move(**row);
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

runtime::task<outcome<std::optional<std::size_t>>> accounts::count(crypto::workspace_id workspace,
                                                                   account_filter wanted) {
    auto const filter = check_filter(catalog_, wanted);
    if (filter.has_error()) {
        co_return filter.error();
    }
    std::size_t found = 0;
    std::optional<std::string> cursor;
    for (std::size_t looked_at = 0; looked_at < most_counted; looked_at += storage::accounts::max_examined) {
        auto page = co_await storage::accounts::list(store_, workspace, *filter, std::move(cursor),
                                                     storage::accounts::max_examined);
        if (page.has_error()) {
            co_return page.error();
        }
        found += page->items.size();
        cursor = std::move(page->next_cursor);
        if (!cursor) {
            co_return found;
        }
    }
    co_return std::nullopt;
}

runtime::task<outcome<account_view>> accounts::get(crypto::workspace_id workspace, std::string id) {
    auto const row = co_await find_account(store_, workspace, std::move(id));
    if (row.has_error()) {
        co_return row.error();
    }
    co_return view(row->record);
}

runtime::task<outcome<account_view>> accounts::update(crypto::workspace_id workspace, std::string id,
                                                      account_changes wanted, seen_version seen) {
    if (wanted.metadata && wanted.metadata->size() > max_metadata) {
        co_return failure{errc::field_invalid, "At most 16 KiB of metadata.", "metadata"};
    }
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto const row = co_await find_account(store_, workspace, id);
        if (row.has_error()) {
            co_return row.error();
        }
        if (auto const same = check_version(version_of(view(row->record)), seen); same.has_error()) {
            co_return same.error();
        }
        auto updated = row->record;
        storage::write_batch batch;
        if (wanted.metadata) {
            updated.metadata = *wanted.metadata;
        }
        if (wanted.profile_id) {
            auto const moved = co_await move(batch, updated, *wanted.profile_id);
            if (moved.has_error()) {
                co_return moved.error();
            }
        }
        if (updated == row->record) {
            co_return view(updated);
        }
        updated.updated_at = clock_.now();
        storage::accounts::replace(batch, *row, updated);
        storage::events::create(batch, account_event("account.updated", updated, updated.updated_at));
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            co_return view(updated);
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
    }
    co_return errc::changed_meanwhile;
}

// The profile must still be there when the account arrives, and must not have this identity already.
runtime::task<outcome<void>> accounts::move(storage::write_batch& batch, storage::account& row,
                                            std::string profile_id) {
    auto const id = parse_id<crypto::profile_id>(profile_id, errc::profile_not_found, "profile_id");
    if (id.has_error()) {
        co_return id.error();
    }
    auto const profile = co_await storage::profiles::get(store_, row.workspace, *id);
    if (profile.has_error()) {
        co_return profile.error();
    }
    if (!*profile) {
        co_return failure{errc::profile_not_found, {}, "profile_id"};
    }
    auto const same = co_await storage::accounts::find_by_identity(store_, row.workspace, *id, row.platform,
                                                                   row.platform_user_id, row.instance);
    if (same.has_error()) {
        co_return same.error();
    }
    if (*same && (*same)->record.id != row.id) {
        co_return failure{errc::identity_taken,
                          "In this profile it is " + (*same)->record.id.to_string() + " already.",
                          "profile_id"};
    }
    batch.require_version(storage::profiles::where, storage::profiles::key((*profile)->record),
                          (*profile)->version);
    row.profile = *id;
    co_return outcome<void>{};
}

} // namespace connectd::server::services

#include "server/services/profiles.hpp"

#include "storage/tables/account_counts.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/workspaces.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t max_metadata = 16 * 1024;
constexpr std::size_t moved_at_once = 100;

outcome<void> check(storage::profile const& row) {
    if (auto const good = check_text(row.name, "name"); good.has_error()) {
        return good.error();
    }
    if (auto const good = check_optional_text(row.external_id, "external_id", 256); good.has_error()) {
        return good.error();
    }
    if (row.metadata.size() > max_metadata) {
        return failure{errc::field_invalid, "At most 16 KiB of metadata.", "metadata"};
    }
    return {};
}

} // namespace

runtime::task<outcome<profile_view>> profiles::create(crypto::workspace_id workspace, new_profile input) {
    auto const now = clock_.now();
    storage::profile const row{.id = crypto::profile_id::make(now),
                               .workspace = workspace,
                               .name = std::move(input.name),
                               .external_id = std::move(input.external_id),
                               .metadata = std::move(input.metadata),
                               .created_at = now,
                               .updated_at = now};
    if (auto const good = check(row); good.has_error()) {
        co_return good.error();
    }
    storage::write_batch batch;
    storage::profiles::create(batch, row);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return failure{errc::external_id_taken, {}, "external_id"};
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return co_await view(row, *written, {});
}

runtime::task<outcome<listing<profile_view>>>
profiles::list(crypto::workspace_id workspace, std::optional<std::string> external_id, page_request page) {
    storage::result<storage::listing<storage::profile>> rows = storage::listing<storage::profile>{};
    if (external_id) {
        auto row =
            co_await storage::profiles::find_by_external_id(store_, workspace, *std::move(external_id));
        if (row.has_error()) {
            co_return row.error();
        }
        if (*row) {
            rows->items.push_back(std::move((*row)->record));
        }
    } else {
        rows = co_await storage::profiles::list(store_, workspace, std::move(page.cursor), page.limit);
    }
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    auto const usual = co_await default_of(workspace);
    if (usual.has_error()) {
        co_return usual.error();
    }
    listing<profile_view> answer{.items = {}, .next_cursor = rows->next_cursor};
    for (auto& row : rows->items) {
        auto shown = co_await view(std::move(row), 0, *usual);
        if (shown.has_error()) {
            co_return shown.error();
        }
        answer.items.push_back(std::move(*shown));
    }
    co_return answer;
}

runtime::task<outcome<profile_view>> profiles::get(crypto::workspace_id workspace, std::string id) {
    auto row = co_await find(workspace, std::move(id), {});
    if (row.has_error()) {
        co_return row.error();
    }
    auto const usual = co_await default_of(workspace);
    if (usual.has_error()) {
        co_return usual.error();
    }
    co_return co_await view(std::move(row->record), row->version, *usual);
}

runtime::task<outcome<profile_view>> profiles::update(crypto::workspace_id workspace, std::string id,
                                                      profile_changes wanted, seen_version seen) {
    auto const row = co_await find(workspace, std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto updated = row->record;
    updated.name = std::move(wanted.name).value_or(updated.name);
    updated.external_id = std::move(wanted.external_id).value_or(updated.external_id);
    updated.metadata = std::move(wanted.metadata).value_or(updated.metadata);
    updated.updated_at = clock_.now();
    if (auto const good = check(updated); good.has_error()) {
        co_return good.error();
    }
    if (!updated.external_id.empty() && updated.external_id != row->record.external_id) {
        auto const other =
            co_await storage::profiles::find_by_external_id(store_, workspace, updated.external_id);
        if (other.has_error()) {
            co_return other.error();
        }
        if (*other) {
            co_return failure{errc::external_id_taken, {}, "external_id"};
        }
    }
    storage::write_batch batch;
    storage::profiles::replace(batch, *row, updated);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    auto const usual = co_await default_of(workspace);
    if (usual.has_error()) {
        co_return usual.error();
    }
    co_return co_await view(std::move(updated), *written, *usual);
}

runtime::task<outcome<void>> profiles::remove(crypto::workspace_id workspace, std::string id,
                                              accounts_of_removed what, seen_version seen) {
    auto const row = co_await find(workspace, std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const usual = co_await default_of(workspace);
    if (usual.has_error()) {
        co_return usual.error();
    }
    if (row->record.id == *usual) {
        co_return errc::profile_is_default;
    }
    if (what == accounts_of_removed::move_to_default) {
        if (auto const moved = co_await move_accounts(row->record, *usual); moved.has_error()) {
            co_return moved.error();
        }
    }
    auto const left = co_await storage::count_accounts(store_, workspace, row->record.id, 1);
    if (left.has_error()) {
        co_return left.error();
    }
    if (*left != 0) {
        co_return failure{errc::profile_in_use,
                          "Move or delete its accounts first, or repeat the request with ?force=true, which "
                          "moves them to the default profile."};
    }
    storage::write_batch batch;
    storage::profiles::erase(batch, *row);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    // Who connected between the counting and this; later ones find that the profile is gone. An identity that
    // the default profile has already stays without one.
    co_await move_accounts(row->record, *usual);
    co_return outcome<void>{};
}

// Page by page, each one batch: what was moved stays moved.
runtime::task<outcome<void>> profiles::move_accounts(storage::profile const& from, crypto::profile_id to) {
    for (;;) {
        auto const page =
            co_await storage::accounts::list(store_, from.workspace, {.profile = from.id}, {}, moved_at_once);
        if (page.has_error()) {
            co_return page.error();
        }
        if (page->items.empty()) {
            co_return outcome<void>{};
        }
        storage::write_batch batch;
        for (auto const& account : page->items) {
            auto const row = co_await storage::accounts::get(store_, from.workspace, account.id);
            if (row.has_error()) {
                co_return row.error();
            }
            if (!*row || (*row)->record.profile != from.id) {
                continue;
            }
            auto moved = (*row)->record;
            auto const same = co_await storage::accounts::find_by_identity(
                store_, from.workspace, to, moved.platform, moved.platform_user_id, moved.instance);
            if (same.has_error()) {
                co_return same.error();
            }
            if (*same) {
                co_return failure{errc::profile_in_use, "The default profile has an account of the same "
                                                        "identity as " +
                                                            moved.id.to_string() + ": delete one of them."};
            }
            moved.profile = to;
            moved.updated_at = clock_.now();
            storage::accounts::replace(batch, **row, moved);
        }
        if (batch.empty()) {
            co_return errc::changed_meanwhile;
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_error() && written.error() == storage::errc::guard_failed) {
            co_return errc::changed_meanwhile;
        }
        if (written.has_error()) {
            co_return written.error();
        }
    }
}

runtime::task<outcome<profiles::stored_row>> profiles::find(crypto::workspace_id workspace, std::string id,
                                                            seen_version seen) {
    auto const parsed = parse_id<crypto::profile_id>(id, errc::profile_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::profiles::get(store_, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::profile_not_found;
    }
    if (auto const same = check_version((*row)->version, seen); same.has_error()) {
        co_return same.error();
    }
    co_return std::move(**row);
}

runtime::task<outcome<profile_view>> profiles::view(storage::profile row, std::uint64_t version,
                                                    crypto::profile_id default_profile) {
    auto const accounts = co_await storage::count_accounts(store_, row.workspace, row.id, most_counted);
    if (accounts.has_error()) {
        co_return accounts.error();
    }
    co_return profile_view{.id = row.id,
                           .name = std::move(row.name),
                           .external_id = std::move(row.external_id),
                           .metadata = std::move(row.metadata),
                           .created_at = row.created_at,
                           .updated_at = row.updated_at,
                           .accounts = *accounts,
                           .is_default = row.id == default_profile,
                           .version = version};
}

runtime::task<outcome<crypto::profile_id>> profiles::default_of(crypto::workspace_id workspace) {
    auto const row = co_await storage::workspaces::get(store_, workspace);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::workspace_not_found;
    }
    co_return (*row)->record.default_profile;
}

} // namespace connectd::server::services

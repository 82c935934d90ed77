// Credentials that are there: changing, rotating, deleting them, and where the mark of the default goes.
#include "server/services/app_secret.hpp"
#include "server/services/credentials.hpp"
#include "server/services/credentials_input.hpp"
#include "storage/tables/accounts.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::chrono::hours longest_overlap{30 * 24};

} // namespace

runtime::task<outcome<credentials_view>> credentials::get(crypto::workspace_id workspace, std::string id) {
    auto const row = co_await find(workspace, std::move(id), {});
    if (row.has_error()) {
        co_return row.error();
    }
    co_return view(row->record, row->version);
}

runtime::task<outcome<credentials_view>> credentials::update(crypto::workspace_id workspace, std::string id,
                                                             credentials_changes wanted, seen_version seen) {
    auto const row = co_await find(workspace, std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto updated = row->record;
    if (wanted.name) {
        if (auto const good = check_text(*wanted.name, "name"); good.has_error()) {
            co_return good.error();
        }
        updated.name = std::move(*wanted.name);
    }
    if (wanted.pkce) {
        auto method = std::move(*wanted.pkce).value_or(std::string{});
        if (auto const good = check_pkce(method); !method.empty() && good.has_error()) {
            co_return good.error();
        }
        updated.pkce = std::move(method);
    }
    if (wanted.is_default == false && updated.is_default) {
        co_return failure{errc::field_invalid, "Make another one the default instead.", "is_default"};
    }
    storage::write_batch batch;
    bool const takes_it = wanted.is_default == true && !updated.is_default;
    if (takes_it) {
        if (auto const taken = co_await take_default(batch, updated); taken.has_error()) {
            co_return taken.error();
        }
        updated.is_default = true;
        // Not `replace`: the unique row of the default is there, and changes hands in this batch.
        batch.require_version(storage::credentials_table::where, storage::credentials_table::key(updated),
                              row->version);
        updated.updated_at = clock_.now();
        storage::credentials_table::put(batch, updated);
    } else {
        updated.updated_at = clock_.now();
        storage::credentials_table::replace(batch, *row, updated);
    }
    co_return co_await write(std::move(batch), std::move(updated));
}

runtime::task<outcome<credentials_view>> credentials::rotate(crypto::workspace_id workspace, std::string id,
                                                             new_secret fresh, seen_version seen) {
    auto const row = co_await find(workspace, std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const* platform = catalog_.find(row->record.platform);
    if (platform == nullptr) {
        co_return failure{errc::platform_unknown,
                          "The platform " + row->record.platform + " is not configured any more."};
    }
    if (auto const good = check_client_secret(*platform, fresh.client_secret); good.has_error()) {
        co_return good.error();
    }
    auto const overlap = fresh.overlap.value_or(secret_overlap);
    if (overlap < overlap.zero() || overlap > longest_overlap) {
        co_return failure{errc::field_invalid, "From 0 to 2592000 seconds, which are 30 days.",
                          "overlap_seconds"};
    }
    auto const now = clock_.now();
    auto updated = row->record;
    auto const until = overlap > overlap.zero() ? std::optional{now + overlap} : std::nullopt;
    if (auto const done = co_await change_app_secret(keys_, updated, fresh.client_secret, until);
        done.has_error()) {
        co_return done.error();
    }
    updated.updated_at = now;
    storage::write_batch batch;
    storage::credentials_table::replace(batch, *row, updated);
    co_return co_await write(std::move(batch), std::move(updated));
}

runtime::task<outcome<void>> credentials::remove(crypto::workspace_id workspace, std::string id, removal how,
                                                 seen_version seen) {
    auto const row = co_await find(workspace, std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const used = how == removal::forced ? outcome<bool>{false} : co_await in_use(row->record);
    if (used.has_error()) {
        co_return used.error();
    }
    if (*used && how == removal::if_unused) {
        co_return failure{errc::credentials_in_use,
                          "Disconnect the accounts first, or repeat the request with ?force=true."};
    }
    storage::write_batch batch;
    if (*used) {
        retire(batch, *row);
    } else {
        storage::credentials_table::erase(batch, *row);
    }
    if (row->record.is_default) {
        if (auto const passed = co_await pass_on_default(batch, *row); passed.has_error()) {
            co_return passed.error();
        }
    }
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

void credentials::retire(storage::write_batch& batch, stored_row const& row) {
    auto retired = row.record;
    retired.retired_at = clock_.now();
    retired.is_default = false;
    storage::credentials_table::replace(batch, row, retired);
}

runtime::task<outcome<credentials::stored_row>> credentials::find(crypto::workspace_id workspace,
                                                                  std::string id, seen_version seen) {
    auto const parsed = parse_id<crypto::credentials_id>(id, errc::credentials_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::credentials_table::get(store_, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row || (*row)->record.retired_at) {
        co_return errc::credentials_not_found;
    }
    if (auto const same = check_version((*row)->version, seen); same.has_error()) {
        co_return same.error();
    }
    co_return std::move(**row);
}

runtime::task<outcome<bool>> credentials::in_use(storage::credentials const& row) {
    auto const users =
        co_await storage::accounts::list_by_credentials(store_, row.workspace, row.id, std::nullopt, 1);
    if (users.has_error()) {
        co_return failure{users.error()};
    }
    co_return !users->items.empty();
}

runtime::task<outcome<credentials_view>> credentials::write(storage::write_batch batch,
                                                            storage::credentials updated) {
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return view(updated, *written);
}

// The default of before loses its mark; the heir's row is its caller's to write, behind this.
runtime::task<outcome<void>> credentials::take_default(storage::write_batch& batch,
                                                       storage::credentials const& heir) {
    auto const holder = co_await storage::credentials_table::find_default(store_, heir.workspace,
                                                                          heir.platform, heir.instance);
    if (holder.has_error()) {
        co_return holder.error();
    }
    if (*holder) {
        auto unmarked = (*holder)->record;
        unmarked.is_default = false;
        storage::credentials_table::replace(batch, **holder, unmarked);
    }
    co_return outcome<void>{};
}

runtime::task<outcome<void>>
credentials::pass_on_default(storage::write_batch& batch,
                             storage::stored<storage::credentials> const& leaving) {
    auto const& gone = leaving.record;
    std::optional<std::string> cursor;
    do {
        auto const others = co_await storage::credentials_table::list_platform(
            store_, gone.workspace, gone.platform, std::move(cursor), 100);
        if (others.has_error()) {
            co_return others.error();
        }
        for (auto const& other : others->items) {
            if (other.id != gone.id && other.instance == gone.instance) {
                co_return co_await mark(batch, other);
            }
        }
        cursor = others->next_cursor;
    } while (cursor);
    co_return outcome<void>{};
}

runtime::task<outcome<void>> credentials::mark(storage::write_batch& batch,
                                               storage::credentials const& heir) {
    auto const next = co_await storage::credentials_table::get(store_, heir.workspace, heir.id);
    if (next.has_error()) {
        co_return next.error();
    }
    if (!*next) {
        co_return errc::changed_meanwhile;
    }
    auto marked = (*next)->record;
    marked.is_default = true;
    batch.require_version(storage::credentials_table::where, storage::credentials_table::key(marked),
                          (*next)->version);
    storage::credentials_table::put(batch, marked); // after the erasure of the mark, which it replaces
    co_return outcome<void>{};
}

} // namespace connectd::server::services

#include "server/services/api_keys.hpp"

#include "storage/tables/workspaces.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::chrono::hours longest_overlap{30 * 24};

std::vector<std::string> scope_names(scope_set const& bits) {
    std::vector<std::string> names;
    auto const known = all_scopes();
    for (std::size_t place = 0; place < known.size(); ++place) {
        if (bits.test(place)) {
            names.emplace_back(known[place]);
        }
    }
    return names;
}

outcome<std::vector<std::string>> check_scopes(std::optional<std::vector<std::string>> wanted,
                                               scope_set const& grantable) {
    if (!wanted) {
        return scope_names(grantable);
    }
    if (wanted->empty()) {
        return failure{errc::field_invalid,
                       "Name at least one scope, or leave the member out for all of them.", "scopes"};
    }
    auto const known = all_scopes();
    for (std::size_t index = 0; index < wanted->size(); ++index) {
        auto const found = std::ranges::find(known, (*wanted)[index]);
        auto const field = "scopes/" + std::to_string(index);
        if (found == known.end()) {
            return failure{errc::field_invalid, "There is no such scope.", field};
        }
        if (!grantable.test(static_cast<std::size_t>(found - known.begin()))) {
            return failure{errc::scope_missing, "A key cannot give a scope that it does not have itself.",
                           field};
        }
    }
    std::ranges::sort(*wanted);
    wanted->erase(std::unique(wanted->begin(), wanted->end()), wanted->end());
    return std::move(*wanted);
}

outcome<void> check_expiry(std::optional<runtime::sys_ms> const& expires_at, runtime::sys_ms now) {
    if (expires_at && *expires_at <= now) {
        return failure{errc::field_invalid, "A time in the future, or null for a key that never expires.",
                       "expires_at"};
    }
    return {};
}

} // namespace

std::span<std::string_view const> all_scopes() noexcept {
    static constexpr std::array<std::string_view, 9> scopes{
        "accounts:read", "accounts:write", "connect:write", "credentials:read", "credentials:write",
        "proxy",         "webhooks:write", "events:read",   "keys:write"};
    return scopes;
}

scope_set every_scope() noexcept {
    return scope_set{(1ULL << all_scopes().size()) - 1};
}

scope_set scopes_named(std::vector<std::string> const& names) {
    scope_set bits;
    auto const known = all_scopes();
    for (std::size_t place = 0; place < known.size(); ++place) {
        bits.set(place, std::ranges::find(names, known[place]) != names.end());
    }
    return bits;
}

bool principal::has_scope(std::string_view scope) const noexcept {
    auto const known = all_scopes();
    auto const place = std::ranges::find(known, scope);
    return place != known.end() && scopes.test(static_cast<std::size_t>(place - known.begin()));
}

runtime::task<outcome<created_api_key>> api_keys::create(std::string workspace, new_api_key input,
                                                         scope_set grantable) {
    auto const owner = co_await find_workspace(std::move(workspace));
    if (owner.has_error()) {
        co_return owner.error();
    }
    auto const now = clock_.now();
    if (auto const good = check_text(input.name, "name"); good.has_error()) {
        co_return good.error();
    }
    if (auto const good = check_expiry(input.expires_at, now); good.has_error()) {
        co_return good.error();
    }
    auto scopes = check_scopes(std::move(input.scopes), grantable);
    if (scopes.has_error()) {
        co_return scopes.error();
    }
    auto made = crypto::make_api_key(crypto::api_key_kind::live);
    storage::api_key const row{.id = crypto::api_key_id::make(now),
                               .workspace = *owner,
                               .name = input.name,
                               .scopes = std::move(*scopes),
                               .digest = std::string{crypto::as_text(made.digest)},
                               .hint = made.hint,
                               .created_at = now,
                               .expires_at = input.expires_at,
                               .revoked_at = {},
                               .updated_at = now};
    storage::write_batch batch;
    storage::api_keys::create(batch, row);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    auto shown = co_await view(row, *written);
    if (shown.has_error()) {
        co_return shown.error();
    }
    co_return created_api_key{std::move(*shown), std::move(made.text)};
}

runtime::task<outcome<listing<api_key_view>>> api_keys::list(std::string workspace, page_request page) {
    auto const owner = co_await find_workspace(std::move(workspace));
    if (owner.has_error()) {
        co_return owner.error();
    }
    auto const rows = co_await storage::api_keys::list(store_, *owner, std::move(page.cursor), page.limit);
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    listing<api_key_view> answer{.items = {}, .next_cursor = rows->next_cursor};
    for (auto const& row : rows->items) {
        auto shown = co_await view(row, 0);
        if (shown.has_error()) {
            co_return shown.error();
        }
        answer.items.push_back(std::move(*shown));
    }
    co_return answer;
}

runtime::task<outcome<api_key_view>> api_keys::get(std::string workspace, std::string id) {
    auto row = co_await find(std::move(workspace), std::move(id), {});
    if (row.has_error()) {
        co_return row.error();
    }
    co_return co_await view(std::move(row->record), row->version);
}

runtime::task<outcome<api_key_view>> api_keys::update(std::string workspace, std::string id,
                                                      api_key_changes wanted, seen_version seen) {
    auto row = co_await find(std::move(workspace), std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const now = clock_.now();
    auto updated = row->record;
    if (updated.revoked_at) {
        co_return failure{errc::api_key_not_active, "The API key has been revoked, for good."};
    }
    if (wanted.name) {
        if (auto const good = check_text(*wanted.name, "name"); good.has_error()) {
            co_return good.error();
        }
        updated.name = std::move(*wanted.name);
    }
    if (wanted.expires_at) {
        if (auto const good = check_expiry(*wanted.expires_at, now); good.has_error()) {
            co_return good.error();
        }
        updated.expires_at = *wanted.expires_at;
    }
    updated.updated_at = now;
    auto const version = co_await write(std::move(*row), updated);
    if (version.has_error()) {
        co_return version.error();
    }
    co_return co_await view(std::move(updated), *version);
}

runtime::task<outcome<created_api_key>> api_keys::rotate(std::string workspace, std::string id,
                                                         std::chrono::seconds overlap, scope_set grantable,
                                                         seen_version seen) {
    auto row = co_await find(std::move(workspace), std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto const now = clock_.now();
    auto updated = row->record;
    if (updated.revoked_at || (updated.expires_at && *updated.expires_at <= now)) {
        co_return failure{errc::api_key_not_active, "Make another key in its place."};
    }
    if ((scopes_named(updated.scopes) & ~grantable).any()) {
        co_return failure{errc::scope_missing, "The key has scopes that yours does not have."};
    }
    if (overlap < overlap.zero() || overlap > longest_overlap) {
        co_return failure{errc::field_invalid, "From 0 to 2592000 seconds, which are 30 days.",
                          "overlap_seconds"};
    }
    auto made = crypto::make_api_key(crypto::api_key_kind::live);
    bool const overlaps = overlap > overlap.zero();
    updated.previous_digest = overlaps ? updated.digest : std::string{};
    updated.previous_until = overlaps ? std::optional{now + overlap} : std::nullopt;
    updated.digest = std::string{crypto::as_text(made.digest)};
    updated.hint = made.hint;
    updated.updated_at = now;
    auto const version = co_await write(std::move(*row), updated);
    if (version.has_error()) {
        co_return version.error();
    }
    auto shown = co_await view(std::move(updated), *version);
    if (shown.has_error()) {
        co_return shown.error();
    }
    co_return created_api_key{std::move(*shown), std::move(made.text)};
}

runtime::task<outcome<api_key_view>> api_keys::revoke(std::string workspace, std::string id,
                                                      seen_version seen) {
    auto row = co_await find(std::move(workspace), std::move(id), seen);
    if (row.has_error()) {
        co_return row.error();
    }
    auto updated = row->record;
    if (updated.revoked_at) {
        co_return co_await view(std::move(updated), row->version);
    }
    updated.revoked_at = clock_.now();
    updated.updated_at = *updated.revoked_at;
    auto const version = co_await write(std::move(*row), updated);
    if (version.has_error()) {
        co_return version.error();
    }
    co_return co_await view(std::move(updated), *version);
}

runtime::task<outcome<crypto::workspace_id>> api_keys::find_workspace(std::string id) {
    auto const parsed = parse_id<crypto::workspace_id>(id, errc::workspace_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto const row = co_await storage::workspaces::get(store_, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row || (*row)->record.deleted_at) {
        co_return errc::workspace_not_found;
    }
    co_return *parsed;
}

runtime::task<outcome<api_keys::stored_row>> api_keys::find(std::string workspace, std::string id,
                                                            seen_version seen) {
    auto const owner = co_await find_workspace(std::move(workspace));
    if (owner.has_error()) {
        co_return owner.error();
    }
    auto const parsed = parse_id<crypto::api_key_id>(id, errc::api_key_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto row = co_await storage::api_keys::get(store_, *owner, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::api_key_not_found;
    }
    if (auto const same = check_version((*row)->version, seen); same.has_error()) {
        co_return same.error();
    }
    co_return std::move(**row);
}

runtime::task<outcome<api_key_view>> api_keys::view(storage::api_key row, std::uint64_t version) {
    auto const use = co_await storage::api_key_uses::get(store_, row.workspace, row.id);
    if (use.has_error()) {
        co_return use.error();
    }
    bool const overlaps = row.previous_until && *row.previous_until > clock_.now();
    co_return api_key_view{.id = row.id,
                           .workspace = row.workspace,
                           .name = std::move(row.name),
                           .scopes = std::move(row.scopes),
                           .hint = std::move(row.hint),
                           .created_at = row.created_at,
                           .expires_at = row.expires_at,
                           .revoked_at = row.revoked_at,
                           .previous_until = overlaps ? row.previous_until : std::nullopt,
                           .last_used_at = *use ? std::optional{(*use)->record.last_used_at} : std::nullopt,
                           .updated_at = row.updated_at,
                           .version = version};
}

// Threads that know the key look again, whatever was changed.
runtime::task<outcome<std::uint64_t>> api_keys::write(stored_row before, storage::api_key updated) {
    storage::write_batch batch;
    storage::api_keys::replace(batch, before, updated);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    revision_.fetch_add(1);
    co_return *written;
}

} // namespace connectd::server::services

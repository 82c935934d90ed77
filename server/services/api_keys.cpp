#include "server/services/api_keys.hpp"

#include "crypto/compare.hpp"
#include "server/services/input.hpp"
#include "storage/tables/root_key.hpp"
#include "storage/tables/workspaces.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace connectd::server::services {
namespace {

// Keys remembered per thread. Beyond it all are forgotten and learnt again, which costs one read each.
constexpr std::size_t max_known = 10'000;

api_key_view view(storage::api_key const& row) {
    return {.id = row.id,
            .workspace = row.workspace,
            .name = row.name,
            .scopes = row.scopes,
            .hint = row.hint,
            .created_at = row.created_at,
            .expires_at = row.expires_at,
            .revoked_at = row.revoked_at};
}

std::string digest_text(crypto::digest256 const& digest) {
    return std::string{crypto::as_text(digest)};
}

std::bitset<16> scope_bits(std::vector<std::string> const& names) {
    std::bitset<16> bits;
    auto const known = all_scopes();
    for (std::size_t place = 0; place < known.size(); ++place) {
        bits.set(place, std::ranges::find(names, known[place]) != names.end());
    }
    return bits;
}

outcome<std::vector<std::string>> check_scopes(std::optional<std::vector<std::string>> wanted) {
    auto const known = all_scopes();
    if (!wanted) {
        return std::vector<std::string>(known.begin(), known.end());
    }
    if (wanted->empty()) {
        return failure{errc::field_invalid,
                       "Name at least one scope, or leave the member out for all of them.", "scopes"};
    }
    for (std::size_t index = 0; index < wanted->size(); ++index) {
        if (std::ranges::find(known, (*wanted)[index]) == known.end()) {
            return failure{errc::field_invalid, "There is no such scope.", "scopes/" + std::to_string(index)};
        }
    }
    std::ranges::sort(*wanted);
    wanted->erase(std::unique(wanted->begin(), wanted->end()), wanted->end());
    return std::move(*wanted);
}

} // namespace

std::span<std::string_view const> all_scopes() noexcept {
    static constexpr std::array<std::string_view, 9> scopes{
        "accounts:read", "accounts:write", "connect:write", "credentials:read", "credentials:write",
        "proxy",         "webhooks:write", "events:read",   "keys:write"};
    return scopes;
}

bool principal::has_scope(std::string_view scope) const noexcept {
    auto const known = all_scopes();
    auto const place = std::ranges::find(known, scope);
    return place != known.end() && scopes.test(static_cast<std::size_t>(place - known.begin()));
}

runtime::task<outcome<created_api_key>> api_keys::create(std::string workspace, new_api_key input) {
    auto const owner = co_await find_workspace(std::move(workspace));
    if (owner.has_error()) {
        co_return owner.error();
    }
    if (auto const good = check_text(input.name, "name"); good.has_error()) {
        co_return good.error();
    }
    auto scopes = check_scopes(std::move(input.scopes));
    if (scopes.has_error()) {
        co_return scopes.error();
    }
    auto made = crypto::make_api_key(crypto::api_key_kind::live);
    auto const now = clock_.now();
    storage::api_key const row{.id = crypto::api_key_id::make(now),
                               .workspace = *owner,
                               .name = input.name,
                               .scopes = std::move(*scopes),
                               .digest = digest_text(made.digest),
                               .hint = made.hint,
                               .created_at = now,
                               .expires_at = {},
                               .revoked_at = {}};
    storage::write_batch batch;
    storage::api_keys::create(batch, row);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    co_return created_api_key{view(row), std::move(made.text)};
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
    std::ranges::transform(rows->items, std::back_inserter(answer.items), view);
    co_return answer;
}

runtime::task<outcome<api_key_view>> api_keys::revoke(std::string workspace, std::string id) {
    auto const owner = co_await find_workspace(std::move(workspace));
    if (owner.has_error()) {
        co_return owner.error();
    }
    auto const parsed = parse_id<crypto::api_key_id>(id, errc::api_key_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto const row = co_await storage::api_keys::get(store_, *owner, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::api_key_not_found;
    }
    auto updated = (*row)->record;
    if (updated.revoked_at) {
        co_return view(updated);
    }
    updated.revoked_at = clock_.now();
    storage::write_batch batch;
    storage::api_keys::replace(batch, **row, updated);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    revision_.fetch_add(1);
    co_return view(updated);
}

runtime::task<outcome<principal>> api_keys::authenticate(std::string_view text) {
    auto const parsed = crypto::parse_api_key(text);
    if (parsed.has_error()) {
        co_return errc::api_key_malformed;
    }
    auto const digest = digest_text(parsed->digest);
    auto found = known_.find(digest);
    if (found == known_.end() || found->second.revision != revision_.load()) {
        auto fresh = co_await look_up(*parsed);
        if (fresh.has_error()) {
            known_.erase(digest);
            co_return fresh.error();
        }
        if (known_.size() >= max_known) {
            known_.clear();
        }
        found = known_.insert_or_assign(digest, std::move(*fresh)).first;
    }
    if (found->second.expires_at && *found->second.expires_at <= clock_.now()) {
        co_return errc::api_key_expired;
    }
    co_return found->second.who;
}

// The revision is read before the row: a revocation in between leaves an entry that is looked up again.
runtime::task<outcome<api_keys::known_key>> api_keys::look_up(crypto::parsed_api_key key) {
    auto const revision = revision_.load();
    auto const digest = digest_text(key.digest);
    if (key.kind == crypto::api_key_kind::root) {
        auto const root = co_await storage::root_keys::get(store_);
        if (root.has_error()) {
            co_return root.error();
        }
        if (!*root || !crypto::equal_constant_time((*root)->record.digest, digest)) {
            co_return errc::api_key_unknown;
        }
        co_return known_key{.who = {.root = true, .workspace = {}, .key = {}, .scopes = {}},
                            .expires_at = {},
                            .revision = revision};
    }
    auto const row = co_await storage::api_keys::find_by_digest(store_, digest);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::api_key_unknown;
    }
    auto const& record = (*row)->record;
    if (record.revoked_at) {
        co_return errc::api_key_revoked;
    }
    co_return known_key{.who = {.root = false,
                                .workspace = record.workspace,
                                .key = record.id,
                                .scopes = scope_bits(record.scopes)},
                        .expires_at = record.expires_at,
                        .revision = revision};
}

runtime::task<outcome<bool>> api_keys::has_root_key() {
    auto const known = co_await storage::root_keys::get(store_);
    if (known.has_error()) {
        co_return failure{known.error()};
    }
    co_return known->has_value();
}

runtime::task<outcome<void>> api_keys::install_root_key(crypto::secret key) {
    auto const parsed = crypto::parse_api_key(key.reveal());
    if (parsed.has_error() || parsed->kind != crypto::api_key_kind::root) {
        co_return errc::api_key_malformed;
    }
    storage::write_batch batch;
    storage::root_keys::create(batch, {.digest = digest_text(parsed->digest), .created_at = clock_.now()});
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
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
    if (!*row) {
        co_return errc::workspace_not_found;
    }
    co_return *parsed;
}

} // namespace connectd::server::services

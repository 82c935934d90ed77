// Telling who a request comes from.
#include "crypto/compare.hpp"
#include "server/services/api_keys.hpp"
#include "storage/tables/root_key.hpp"
#include "storage/tables/workspaces.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

// Keys remembered per thread. Beyond it all are forgotten and learnt again, which costs one read each.
constexpr std::size_t max_known = 10'000;

// How exact last_used_at is, for each thread: a write a request would cost more than the request.
constexpr std::chrono::minutes use_noted_every{5};

std::string digest_text(crypto::digest256 const& digest) {
    return std::string{crypto::as_text(digest)};
}

// The key of before a rotation is good for less than the key itself.
std::optional<runtime::sys_ms> good_until(storage::api_key const& row, std::string_view digest) {
    if (row.previous_digest != digest) {
        return row.expires_at;
    }
    auto const until = row.previous_until.value_or(runtime::sys_ms{});
    return row.expires_at ? std::min(*row.expires_at, until) : until;
}

} // namespace

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
    auto const now = clock_.now();
    auto& known = found->second;
    if (known.expires_at && *known.expires_at <= now) {
        co_return errc::api_key_expired;
    }
    note_use(known, now);
    co_return known.who;
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
    auto const owner = co_await storage::workspaces::get(store_, record.workspace);
    if (owner.has_error()) {
        co_return owner.error();
    }
    if (!*owner || (*owner)->record.deleted_at) {
        co_return errc::api_key_unknown;
    }
    auto const use = co_await storage::api_key_uses::get(store_, record.workspace, record.id);
    if (use.has_error()) {
        co_return use.error();
    }
    co_return known_key{.who = {.root = false,
                                .workspace = record.workspace,
                                .key = record.id,
                                .scopes = scopes_named(record.scopes)},
                        .expires_at = good_until(record, digest),
                        .revision = revision,
                        .version = (*row)->version,
                        .noted_at = *use ? std::optional{(*use)->record.last_used_at} : std::nullopt};
}

void api_keys::note_use(known_key& known, runtime::sys_ms now) {
    if (noting_ == nullptr || known.who.root || (known.noted_at && now - *known.noted_at < use_noted_every)) {
        return;
    }
    known.noted_at = now;
    noting_->spawn("note the use of a key", write_use(known.who, known.version, now));
}

// Only while the key is as it was: one that is gone with its workspace leaves nothing behind. A lost race is
// no loss, since who has changed the key makes every thread look again.
runtime::task<void> api_keys::write_use(principal who, std::uint64_t version, runtime::sys_ms now) {
    storage::write_batch batch;
    batch.require_version(storage::api_keys::where, storage::api_keys::key(who.workspace, who.key), version);
    storage::api_key_uses::put(batch, {.id = who.key, .workspace = who.workspace, .last_used_at = now});
    co_await store_.commit(std::move(batch));
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

} // namespace connectd::server::services

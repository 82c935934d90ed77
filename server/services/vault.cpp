#include "server/services/vault.hpp"

#include "crypto/keyring.hpp"
#include "server/runtime/log.hpp"
#include "storage/tables/data_keys.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace connectd::server::services {
namespace {

// Cipher work that several threads begin at the same moment may pass the reservation by this much; the next
// reservation makes up for it before the margin is used twice.
constexpr std::uint64_t seal_margin = 1024;

// The data key of no workspace: it protects nothing and only shows whether a master key fits this store.
crypto::workspace_id const nobody{};

crypto::wrapped_data_key as_wrapped(storage::data_key const& row) {
    return {.version = row.version, .wrapped = row.wrapped, .seals_used = row.seals_reserved};
}

failure damaged(char const* what) {
    return {errc::sealed_value_damaged, what};
}

struct entry {
    crypto::keyring ring;
    // Seals of the newest data key that the store knows of. Only grows.
    std::uint64_t reserved = 0;
};
using entry_ptr = std::shared_ptr<entry const>;

} // namespace

class vault::implementation {
  public:
    implementation(storage::kv& store, crypto::master_keys&& masters, runtime::clock const& clock,
                   options chosen)
        : store_{store}, masters_{std::move(masters)}, clock_{clock}, options_{chosen} {}

    runtime::task<outcome<void>> check_master_keys();
    void add_first_key(storage::write_batch& batch, crypto::workspace_id workspace) const;
    // An entry that may make a seal now.
    runtime::task<outcome<entry_ptr>> find_to_seal(crypto::workspace_id workspace);
    runtime::task<outcome<entry_ptr>> find(crypto::workspace_id workspace);

  private:
    runtime::task<outcome<entry_ptr>> load(crypto::workspace_id workspace);
    runtime::task<outcome<entry_ptr>> reserve(crypto::workspace_id workspace, entry_ptr known);
    runtime::task<outcome<void>> rotate(crypto::workspace_id workspace,
                                        storage::stored<storage::data_key> newest, crypto::keyring ring);
    entry_ptr cached(crypto::workspace_id workspace) const;
    entry_ptr publish(crypto::workspace_id workspace, entry_ptr fresh);

    storage::kv& store_;
    crypto::master_keys const masters_;
    runtime::clock const& clock_;
    options const options_;

    mutable std::shared_mutex mutex_;
    std::unordered_map<crypto::workspace_id, entry_ptr> entries_;
};

runtime::task<outcome<void>> vault::implementation::check_master_keys() {
    auto const rows = co_await storage::data_keys::all(store_, nobody);
    if (!rows) {
        co_return rows.error();
    }
    if (rows->empty()) {
        storage::write_batch batch;
        add_first_key(batch, nobody);
        auto const written = co_await store_.commit(std::move(batch));
        if (!written) {
            co_return written.error();
        }
        co_return outcome<void>{};
    }
    std::vector<crypto::wrapped_data_key> wrapped;
    std::ranges::transform(*rows, std::back_inserter(wrapped),
                           [](auto const& row) { return as_wrapped(row.record); });
    auto const ring = crypto::keyring::open(masters_, nobody.raw(), wrapped);
    if (ring.has_error() && ring.error() == crypto::errc::wrong_master_key) {
        co_return errc::wrong_master_key;
    }
    if (ring.has_error()) {
        co_return damaged("The store's own check key is damaged.");
    }
    co_return outcome<void>{};
}

void vault::implementation::add_first_key(storage::write_batch& batch, crypto::workspace_id workspace) const {
    auto const made = crypto::keyring::create(masters_, workspace.raw(), options_.seal_limit);
    storage::data_keys::create(batch, {.workspace = workspace,
                                       .version = made.first.version,
                                       .wrapped = made.first.wrapped,
                                       .seals_reserved = 0,
                                       .created_at = clock_.now()});
}

runtime::task<outcome<entry_ptr>> vault::implementation::find_to_seal(crypto::workspace_id workspace) {
    auto keys = co_await find(workspace);
    if (keys.has_value() && (*keys)->ring.seals_used() + seal_margin > (*keys)->reserved) {
        keys = co_await reserve(workspace, *keys);
    }
    co_return keys;
}

runtime::task<outcome<entry_ptr>> vault::implementation::find(crypto::workspace_id workspace) {
    if (auto known = cached(workspace)) {
        co_return known;
    }
    co_return co_await load(workspace);
}

runtime::task<outcome<entry_ptr>> vault::implementation::load(crypto::workspace_id workspace) {
    auto const rows = co_await storage::data_keys::all(store_, workspace);
    if (!rows) {
        co_return rows.error();
    }
    std::vector<crypto::wrapped_data_key> wrapped;
    std::ranges::transform(*rows, std::back_inserter(wrapped),
                           [](auto const& row) { return as_wrapped(row.record); });
    auto ring = crypto::keyring::open(masters_, workspace.raw(), wrapped, options_.seal_limit);
    if (ring.has_error()) {
        runtime::log::error("the data keys of a workspace could not be unwrapped",
                            {{"workspace", workspace.to_string()}, {"reason", ring.error().message()}});
        co_return damaged("The data keys of the workspace could not be unwrapped.");
    }
    auto const reserved = rows->back().record.seals_reserved;
    co_return publish(workspace, std::make_shared<entry const>(entry{std::move(*ring), reserved}));
}

// Sets the next block of seals aside on disk, or replaces a data key that has made enough of them. Several
// coroutines may get here for one workspace; the guard lets one of them write and the others take what it
// wrote.
runtime::task<outcome<entry_ptr>> vault::implementation::reserve(crypto::workspace_id workspace,
                                                                 entry_ptr known) {
    for (;;) {
        if (auto newer = cached(workspace);
            newer && newer->ring.seals_used() + seal_margin <= newer->reserved) {
            co_return newer;
        }
        auto rows = co_await storage::data_keys::all(store_, workspace);
        if (!rows) {
            co_return rows.error();
        }
        if (rows->empty()) {
            co_return damaged("The workspace has been deleted.");
        }
        auto newest = std::move(rows->back());
        if (newest.record.version != known->ring.newest_version()) {
            auto loaded = co_await load(workspace);
            if (loaded.has_error()) {
                co_return loaded.error();
            }
            known = *loaded;
            continue;
        }
        if (known->ring.rotation_due()) {
            auto const rotated = co_await rotate(workspace, std::move(newest), known->ring);
            if (rotated.has_error()) {
                co_return rotated.error();
            }
            continue;
        }
        auto updated = newest.record;
        updated.seals_reserved =
            std::max(updated.seals_reserved, known->ring.seals_used()) + options_.seal_block + seal_margin;
        storage::write_batch batch;
        storage::data_keys::replace(batch, newest, updated);
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            co_return publish(workspace,
                              std::make_shared<entry const>(entry{known->ring, updated.seals_reserved}));
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
    }
}

// Another one may come first, which is as good.
runtime::task<outcome<void>> vault::implementation::rotate(crypto::workspace_id workspace,
                                                           storage::stored<storage::data_key> newest,
                                                           crypto::keyring ring) {
    auto const added = ring.add_new_version(masters_);
    if (added.has_error()) {
        co_return added.error();
    }
    storage::write_batch batch;
    batch.require_version(storage::data_keys::where, storage::data_keys::key(newest.record), newest.version);
    storage::data_keys::create(batch, {.workspace = workspace,
                                       .version = added->version,
                                       .wrapped = added->wrapped,
                                       .seals_reserved = 0,
                                       .created_at = clock_.now()});
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() != storage::errc::guard_failed) {
        co_return written.error();
    }
    if (written.has_error()) {
        co_return outcome<void>{};
    }
    runtime::log::info("a data key was rotated",
                       {{"workspace", workspace.to_string()}, {"version", added->version}});
    publish(workspace, std::make_shared<entry const>(entry{std::move(ring), 0}));
    co_return outcome<void>{};
}

entry_ptr vault::implementation::cached(crypto::workspace_id workspace) const {
    std::shared_lock const lock{mutex_};
    auto const found = entries_.find(workspace);
    return found == entries_.end() ? nullptr : found->second;
}

// Keeps the entry that knows more: two threads may have loaded one workspace at once, and only the shared one
// counts seals.
entry_ptr vault::implementation::publish(crypto::workspace_id workspace, entry_ptr fresh) {
    std::lock_guard const lock{mutex_};
    auto const found = entries_.find(workspace);
    if (found == entries_.end()) {
        if (entries_.size() >= options_.cached_workspaces) {
            entries_.erase(entries_.begin());
        }
        entries_.emplace(workspace, fresh);
        return fresh;
    }
    auto& known = found->second;
    auto const rank = [](entry const& e) { return std::pair{e.ring.newest_version(), e.reserved}; };
    if (rank(*fresh) > rank(*known)) {
        known = std::move(fresh);
    }
    return known;
}

vault::vault(storage::kv& store, crypto::master_keys&& masters, runtime::clock const& clock)
    : vault{store, std::move(masters), clock, options{}} {}

vault::vault(storage::kv& store, crypto::master_keys&& masters, runtime::clock const& clock, options chosen)
    : implementation_{std::make_unique<implementation>(store, std::move(masters), clock, chosen)} {}

vault::~vault() = default;

runtime::task<outcome<void>> vault::check_master_keys() {
    return implementation_->check_master_keys();
}

void vault::add_first_key(storage::write_batch& batch, crypto::workspace_id workspace) const {
    implementation_->add_first_key(batch, workspace);
}

runtime::task<outcome<crypto::sealed>> vault::seal(crypto::workspace_id workspace,
                                                   crypto::secret const& value, sealed_place where) {
    auto const keys = co_await implementation_->find_to_seal(workspace);
    if (keys.has_error()) {
        co_return keys.error();
    }
    auto made = (*keys)->ring.seal(value, {where.family, where.record_key, where.field});
    if (made.has_error()) {
        co_return made.error();
    }
    co_return std::move(*made);
}

runtime::task<outcome<crypto::secret>> vault::open(crypto::workspace_id workspace,
                                                   crypto::sealed const& value, sealed_place where) {
    auto const keys = co_await implementation_->find(workspace);
    if (keys.has_error()) {
        co_return keys.error();
    }
    auto opened = (*keys)->ring.open(value, {where.family, where.record_key, where.field});
    if (opened.has_error()) {
        runtime::log::error("a sealed value could not be opened", {{"workspace", workspace.to_string()},
                                                                   {"family", where.family},
                                                                   {"field", where.field},
                                                                   {"reason", opened.error().message()}});
        co_return damaged(
            "A stored secret is damaged or was moved; the account or credentials must be connected anew.");
    }
    co_return std::move(*opened);
}

} // namespace connectd::server::services

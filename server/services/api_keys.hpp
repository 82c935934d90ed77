// API keys: making them, and telling who a request comes from.
//
// One object per I/O thread. It remembers the keys it has seen, so that a check costs a hash and a look-up; a
// key that is revoked on any thread makes all of them look again, through the shared `api_key_revision`.
#pragma once

#include "crypto/api_key.hpp"
#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/error.hpp"
#include "server/services/input.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"
#include "storage/tables/api_keys.hpp"

#include <atomic>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace connectd::server::services {

// Moved on by every change that makes a key less than it was. One a process; safe from all threads.
using api_key_revision = std::atomic<std::uint64_t>;

// All scopes there are, in the order in which they are shown.
std::span<std::string_view const> all_scopes() noexcept;

// By the place in all_scopes.
using scope_set = std::bitset<16>;
scope_set every_scope() noexcept;
scope_set scopes_named(std::vector<std::string> const& names); // those of the names that there are

// Who a request comes from: the operator (root) or a key of a workspace.
struct principal {
    bool root = false;
    crypto::workspace_id workspace; // nil for root
    crypto::api_key_id key;         // nil for root
    scope_set scopes;

    bool has_scope(std::string_view scope) const noexcept;
};

struct api_key_view {
    crypto::api_key_id id;
    crypto::workspace_id workspace;
    std::string name;
    std::vector<std::string> scopes;
    std::string hint;
    runtime::sys_ms created_at;
    std::optional<runtime::sys_ms> expires_at;
    std::optional<runtime::sys_ms> revoked_at;
    std::optional<runtime::sys_ms> previous_until{}; // the key of before the last rotation is good until then
    std::optional<runtime::sys_ms> last_used_at{};   // some minutes behind
    runtime::sys_ms updated_at{};
    std::uint64_t version = 0; // of its row; not in lists
};

struct new_api_key {
    std::string name;
    std::optional<std::vector<std::string>> scopes; // all that its maker may give when not given
    std::optional<runtime::sys_ms> expires_at{};
};

struct api_key_changes {
    std::optional<std::string> name{};
    std::optional<std::optional<runtime::sys_ms>> expires_at{}; // nothing inside: never
};

// The only moment at which the key itself exists here.
struct created_api_key {
    api_key_view view;
    crypto::secret key;
};

class api_keys {
  public:
    // How long the key of before is good after a rotation, unless the caller says otherwise.
    static constexpr std::chrono::seconds usual_overlap{std::chrono::hours{24}};

    // When keys were last used is noted by `noting`, where there is one; it is joined before this goes.
    api_keys(storage::kv& store, runtime::clock const& clock, api_key_revision& revision,
             runtime::task_group* noting = nullptr) noexcept
        : store_{store}, clock_{clock}, revision_{revision}, noting_{noting} {}

    // `grantable` is what the maker may give: nobody makes a key that can do more than their own. Errors:
    // workspace_not_found, field_invalid, scope_missing.
    runtime::task<outcome<created_api_key>> create(std::string workspace, new_api_key input,
                                                   scope_set grantable = every_scope());

    // Oldest first, revoked ones too. Errors: workspace_not_found, field_invalid (the cursor).
    runtime::task<outcome<listing<api_key_view>>> list(std::string workspace, page_request page);

    // Errors of the following: workspace_not_found, api_key_not_found.
    runtime::task<outcome<api_key_view>> get(std::string workspace, std::string id);

    // Also: field_invalid, api_key_not_active (a revoked one), precondition_failed, changed_meanwhile.
    runtime::task<outcome<api_key_view>> update(std::string workspace, std::string id, api_key_changes wanted,
                                                seen_version seen = {});

    // Another key in its place, with its id, scopes and expiry; the one before is good for the overlap.
    // Whoever may not give all its scopes does not get it. Also: scope_missing, field_invalid,
    // api_key_not_active, precondition_failed, changed_meanwhile.
    runtime::task<outcome<created_api_key>> rotate(std::string workspace, std::string id,
                                                   std::chrono::seconds overlap,
                                                   scope_set grantable = every_scope(),
                                                   seen_version seen = {});

    // Takes effect on every thread before the answer. Revoking a revoked key changes nothing and is no error.
    // Also: precondition_failed, changed_meanwhile.
    runtime::task<outcome<api_key_view>> revoke(std::string workspace, std::string id,
                                                seen_version seen = {});

    // Whose key this is. Errors: api_key_malformed, api_key_unknown, api_key_revoked, api_key_expired.
    runtime::task<outcome<principal>> authenticate(std::string_view text);

    // First start: whether there is a root key, and making this one it. The caller has brought the key to
    // safety before. Errors of the second: api_key_malformed when it is no root key, changed_meanwhile when
    // there is one already.
    runtime::task<outcome<bool>> has_root_key();
    runtime::task<outcome<void>> install_root_key(crypto::secret key);

  private:
    using stored_row = storage::stored<storage::api_key>;
    struct known_key {
        principal who;
        std::optional<runtime::sys_ms> expires_at;
        std::uint64_t revision = 0;
        std::uint64_t version = 0; // of its row
        std::optional<runtime::sys_ms> noted_at{};
    };

    runtime::task<outcome<crypto::workspace_id>> find_workspace(std::string id);
    runtime::task<outcome<stored_row>> find(std::string workspace, std::string id, seen_version seen);
    runtime::task<outcome<api_key_view>> view(storage::api_key row, std::uint64_t version);
    runtime::task<outcome<std::uint64_t>> write(stored_row before, storage::api_key updated);
    runtime::task<outcome<known_key>> look_up(crypto::parsed_api_key key);
    void note_use(known_key& known, runtime::sys_ms now);
    runtime::task<void> write_use(principal who, std::uint64_t version, runtime::sys_ms now);

    storage::kv& store_;
    runtime::clock const& clock_;
    api_key_revision& revision_;
    runtime::task_group* noting_;
    std::unordered_map<std::string, known_key> known_; // by digest
};

} // namespace connectd::server::services

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
#include "server/services/error.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"
#include "storage/tables/api_keys.hpp"

#include <atomic>
#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace connectd::server::services {

// Moved on by every revocation. One a process; safe from all threads.
using api_key_revision = std::atomic<std::uint64_t>;

// All scopes there are, in the order in which they are shown.
std::span<std::string_view const> all_scopes() noexcept;

// Who a request comes from: the operator (root) or a key of a workspace.
struct principal {
    bool root = false;
    crypto::workspace_id workspace; // nil for root
    crypto::api_key_id key;         // nil for root
    std::bitset<16> scopes;         // by the place in all_scopes

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
};

struct new_api_key {
    std::string name;
    std::optional<std::vector<std::string>> scopes; // all of them when not given
};

// The only moment at which the key itself exists here.
struct created_api_key {
    api_key_view view;
    crypto::secret key;
};

class api_keys {
  public:
    api_keys(storage::kv& store, runtime::clock const& clock, api_key_revision& revision) noexcept
        : store_{store}, clock_{clock}, revision_{revision} {}

    // Errors: workspace_not_found, field_invalid.
    runtime::task<outcome<created_api_key>> create(std::string workspace, new_api_key input);

    // Oldest first, revoked ones too. Errors: workspace_not_found, field_invalid (the cursor).
    runtime::task<outcome<listing<api_key_view>>> list(std::string workspace, page_request page);

    // Takes effect on every thread before the answer. Revoking a revoked key changes nothing and is no error.
    // Errors: workspace_not_found, api_key_not_found, changed_meanwhile.
    runtime::task<outcome<api_key_view>> revoke(std::string workspace, std::string id);

    // Whose key this is. Errors: api_key_malformed, api_key_unknown, api_key_revoked, api_key_expired.
    runtime::task<outcome<principal>> authenticate(std::string_view text);

    // First start: whether there is a root key, and making this one it. The caller has brought the key to
    // safety before. Errors of the second: api_key_malformed when it is no root key, changed_meanwhile when
    // there is one already.
    runtime::task<outcome<bool>> has_root_key();
    runtime::task<outcome<void>> install_root_key(crypto::secret key);

  private:
    struct known_key {
        principal who;
        std::optional<runtime::sys_ms> expires_at;
        std::uint64_t revision = 0;
    };

    runtime::task<outcome<crypto::workspace_id>> find_workspace(std::string id);
    runtime::task<outcome<known_key>> look_up(crypto::parsed_api_key key);

    storage::kv& store_;
    runtime::clock const& clock_;
    api_key_revision& revision_;
    std::unordered_map<std::string, known_key> known_; // by digest
};

} // namespace connectd::server::services

// App credentials: a workspace's own OAuth apps, client id and sealed secret.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "platforms/catalog.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/input.hpp"
#include "server/services/paging.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/credentials.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace connectd::server::services {

struct credentials_view {
    crypto::credentials_id id;
    std::string platform;
    std::string name;
    std::string client_id;
    bool has_secret = false;
    bool is_default = false;
    std::string instance;     // the server that the app belongs to, where the platform is many: its origin
    std::string issuer;       // of the server, where that is found by its issuer
    std::string pkce;         // in the platforms' words; empty: as the platform says
    bool registered = false;  // by this server itself, at that instance
    std::string redirect_uri; // what to register at the platform
    std::optional<runtime::sys_ms> previous_secret_until; // both secrets are tried until then
    std::optional<runtime::sys_ms> unhealthy_since;       // the platform refuses the app
    runtime::sys_ms created_at;
    runtime::sys_ms updated_at;
    std::uint64_t version = 0; // of its row; not in lists
};

struct new_credentials {
    std::string platform;
    std::string client_id;
    crypto::secret client_secret; // empty for a public client, where the platform has such
    std::string name;
    std::optional<std::string> instance{}; // required where the platform is many servers
    std::optional<std::string> issuer{};   // required where the server is found by its issuer
    std::optional<std::string> pkce{};     // in place of the platform's: none, S256, S256-hex
    std::optional<std::string> replaces{}; // the id of those that retire for these
};

// What its owner may change; what is not set stays as it is. Platform, client id and server are what tokens
// hang on and never change, the secret changes by `rotate`.
struct credentials_changes {
    std::optional<std::string> name{};
    std::optional<bool> is_default{};
    std::optional<std::optional<std::string>> pkce{}; // nothing inside: as the platform says
};

struct new_secret {
    crypto::secret client_secret;                  // empty: a public client from now on
    std::optional<std::chrono::seconds> overlap{}; // for the one before; nothing: a day
};

class credentials {
  public:
    credentials(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                runtime::clock const& clock, settings const& chosen, platform_resolver& resolver) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          clock_{clock},
          settings_{chosen},
          resolver_{resolver} {}

    // The first ones of a platform, or of an instance of it, become its default. An issuer is asked for its
    // metadata at once, so that a wrong one is refused here and not when somebody connects. Those that these
    // replace give up their slot, hand on their mark, and retire (see `removal`), all at once or not at all.
    // Errors: platform_unknown, platform_not_available, field_invalid, feature_not_in_plan (all slots taken),
    // credentials_not_found (those to be replaced), changed_meanwhile.
    runtime::task<outcome<credentials_view>> create(crypto::workspace_id workspace, new_credentials input);

    // Oldest first, without retired ones. Errors: field_invalid (the cursor).
    runtime::task<outcome<listing<credentials_view>>>
    list(crypto::workspace_id workspace, std::optional<std::string> platform, page_request page);

    // Errors: credentials_not_found.
    runtime::task<outcome<credentials_view>> get(crypto::workspace_id workspace, std::string id);

    // There is always one default, so the mark goes to another one and is never just taken away. Errors:
    // credentials_not_found, field_invalid, precondition_failed, changed_meanwhile.
    runtime::task<outcome<credentials_view>> update(crypto::workspace_id workspace, std::string id,
                                                    credentials_changes wanted, seen_version seen = {});

    // The new secret is tried first from now on and, for the overlap, the one before where the platform
    // refuses it, so that it does not matter who learns of the change first. Errors: as for update.
    runtime::task<outcome<credentials_view>> rotate(crypto::workspace_id workspace, std::string id,
                                                    new_secret fresh, seen_version seen = {});

    // What happens to credentials that accounts depend on.
    enum class removal {
        if_unused, // nothing: they stay
        forced,    // they go; the accounts can be used until their tokens end, but not refreshed
        retiring,  // they are out of sight and out of reach for new sessions, and go with the last account
    };
    // The oldest of the others becomes the default where the default goes. Errors: credentials_not_found,
    // credentials_in_use, precondition_failed, changed_meanwhile.
    runtime::task<outcome<void>> remove(crypto::workspace_id workspace, std::string id, removal how,
                                        seen_version seen = {});

  private:
    using stored_row = storage::stored<storage::credentials>;

    credentials_view view(storage::credentials const& row, std::uint64_t version = 0) const;
    runtime::task<outcome<stored_row>> find(crypto::workspace_id workspace, std::string id,
                                            seen_version seen);
    runtime::task<outcome<bool>> in_use(storage::credentials const& row);
    runtime::task<outcome<credentials_view>> write(storage::write_batch batch, storage::credentials updated);
    runtime::task<outcome<void>> take_default(storage::write_batch& batch, storage::credentials const& heir);
    runtime::task<outcome<void>> choose_server(platforms::descriptor const& platform,
                                               new_credentials const& input, storage::credentials& row);
    runtime::task<outcome<void>> check_slots(crypto::workspace_id workspace, std::size_t leaving);
    runtime::task<outcome<void>> place(storage::write_batch& batch, storage::credentials& row,
                                       std::optional<stored_row> const& leaving);
    void retire(storage::write_batch& batch, stored_row const& row);
    runtime::task<outcome<void>> pass_on_default(storage::write_batch& batch,
                                                 storage::stored<storage::credentials> const& leaving);
    runtime::task<outcome<void>> mark(storage::write_batch& batch, storage::credentials const& heir);

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    runtime::clock const& clock_;
    settings const& settings_;
    platform_resolver& resolver_;
};

} // namespace connectd::server::services

// The app credentials that a platform call needs, opened for the time of the call.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "platforms/oauth2.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/credentials.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace connectd::server::services {

struct opened_app {
    std::string client_id;
    crypto::secret client_secret; // empty for a public client
    // While the secret is being changed: the one before.
    std::optional<crypto::secret> previous_secret{};
    std::string pkce{}; // in the platforms' words; empty: as the platform says

    // Requires: this outlives what uses them.
    platforms::app_credentials for_calls() const {
        return {client_id, client_secret, previous_secret ? &*previous_secret : nullptr};
    }
};

// How long both are good after a change, unless its maker says otherwise.
inline constexpr std::chrono::hours secret_overlap{24};

// The app that a session, an account or a revocation is with.
struct app_reference {
    crypto::workspace_id workspace;
    crypto::credentials_id credentials;
    std::string platform = {};
    bool quickstart = false; // the operator's app for the platform; `credentials` is nil then
};

// Of a row that has these members.
template <class Row>
app_reference app_of(Row const& row) {
    return {row.workspace, row.credentials, row.platform, row.quickstart};
}

// Nil credentials that are not the operator's are those of a platform without apps and open to empty ones.
// Errors: credentials_missing when they have been deleted or the operator's app is gone,
// sealed_value_damaged.
runtime::task<outcome<opened_app>> open_app(storage::kv& store, vault& keys, settings const& chosen,
                                            app_reference app, runtime::sys_ms now);

// `row` says where the secret will live. An empty secret is not sealed.
runtime::task<outcome<crypto::sealed>> seal_app_secret(vault& keys, storage::credentials const& row,
                                                       crypto::secret const& client_secret);

// Puts `fresh` into the row; what was there is good beside it until `previous_until`, where one is given and
// there was any. Both outlive the call.
runtime::task<outcome<void>> change_app_secret(vault& keys, storage::credentials& row,
                                               crypto::secret const& fresh,
                                               std::optional<runtime::sys_ms> previous_until);

} // namespace connectd::server::services

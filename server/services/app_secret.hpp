// The app credentials that a platform call needs, opened for the time of the call.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/credentials.hpp"

#include <string>

namespace connectd::server::services {

struct opened_app {
    std::string client_id;
    crypto::secret client_secret; // empty for a public client
};

// Nil credentials are those of a platform without apps and open to empty ones.
// Errors: credentials_missing when they have been deleted, sealed_value_damaged.
runtime::task<outcome<opened_app>> open_app(storage::kv& store, vault& keys, crypto::workspace_id workspace,
                                            crypto::credentials_id credentials);

// `row` says where the secret will live. An empty secret is not sealed.
runtime::task<outcome<crypto::sealed>> seal_app_secret(vault& keys, storage::credentials const& row,
                                                       crypto::secret const& client_secret);

} // namespace connectd::server::services

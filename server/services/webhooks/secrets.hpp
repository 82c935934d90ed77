// The signing secrets of an endpoint, sealed in its row. Any thread; everything outlives the calls.
#pragma once

#include "crypto/sealed.hpp"
#include "crypto/secret.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/vault.hpp"
#include "storage/tables/webhooks.hpp"

#include <vector>

namespace connectd::server::services::webhooks {

// How long the secret before the last rotation signs, too.
inline constexpr std::chrono::hours rotation_time{24};

// Seals `fresh` for the row as its secret, and notes how it begins. Errors: those of the vault.
runtime::task<outcome<void>> seal_secret(vault& keys, storage::webhook& row, crypto::secret const& fresh);

// The same, and the secret that the row had becomes the previous one until rotation_time from now.
runtime::task<outcome<void>> rotate_secret(vault& keys, storage::webhook& row, crypto::secret const& fresh,
                                           runtime::sys_ms now);

// What signs at `now`, the newest first. Errors: those of the vault.
runtime::task<outcome<std::vector<crypto::secret>>> open_secrets(vault& keys, storage::webhook const& row,
                                                                 runtime::sys_ms now);

} // namespace connectd::server::services::webhooks

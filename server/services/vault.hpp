// The only door to the keyring: seals and opens the secret fields of a workspace.
//
// A workspace's data keys are unwrapped when first needed and kept for a bounded number of workspaces. How
// often a data key has sealed is counted ahead in the store, a block at a time, so that a crash can only
// overstate it; a key that nears its limit is replaced by a new one, and values under the old one stay
// readable.
//
// Safe from all threads: each I/O thread calls it from its own coroutines.
#pragma once

#include "crypto/id.hpp"
#include "crypto/sealed.hpp"
#include "crypto/secret.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "storage/kv.hpp"
#include "storage/write_batch.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace connectd::crypto {
class master_keys;
}

namespace connectd::server::services {

// Where a sealed value lives: the storage family, the row's key and the name of the field. A value that is
// moved elsewhere is refused. Views, valid for the call only.
struct sealed_place {
    std::string_view family;
    std::string_view record_key;
    std::string_view field;
};

class vault {
  public:
    struct options {
        std::uint64_t seal_block = std::uint64_t{1} << 16; // seals reserved by one write
        std::uint64_t seal_limit = std::uint64_t{1} << 30; // of one data key; it is replaced at half of them
        std::size_t cached_workspaces = 1024;
    };

    vault(storage::kv& store, crypto::master_keys&& masters, runtime::clock const& clock);
    vault(storage::kv& store, crypto::master_keys&& masters, runtime::clock const& clock, options chosen);
    vault(vault const&) = delete;
    vault& operator=(vault const&) = delete;
    ~vault();

    // Start-up: makes sure that the store was sealed under one of the master keys, and marks an empty store
    // as sealed under the first. Changes nothing when it fails. Errors: wrong_master_key,
    // sealed_value_damaged.
    runtime::task<outcome<void>> check_master_keys();

    // Puts a new workspace's first data key into the batch that creates the workspace.
    void add_first_key(storage::write_batch& batch, crypto::workspace_id workspace) const;

    // `value` and the views in `where` outlive the call. Errors: sealed_value_damaged when the workspace's
    // keys cannot be unwrapped, and those of the store.
    runtime::task<outcome<crypto::sealed>> seal(crypto::workspace_id workspace, crypto::secret const& value,
                                                sealed_place where);

    // Errors: sealed_value_damaged when the value is not what was sealed for this place.
    runtime::task<outcome<crypto::secret>> open(crypto::workspace_id workspace, crypto::sealed const& value,
                                                sealed_place where);

  private:
    class implementation; // keeps the keyring out of what includes this header
    std::unique_ptr<implementation> implementation_;
};

} // namespace connectd::server::services

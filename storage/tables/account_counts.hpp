// How many accounts there are. For figures that people see; it reads what it counts.
#pragma once

#include "crypto/id.hpp"
#include "storage/kv.hpp"

#include <cstddef>
#include <optional>

namespace connectd::storage {

// Of a workspace, or of one profile of it, disconnected ones too; no more than `most` are counted.
task<result<std::size_t>> count_accounts(kv& store, crypto::workspace_id workspace,
                                         std::optional<crypto::profile_id> profile, std::size_t most);

} // namespace connectd::storage

// Taking old events out of the log of a workspace.
#pragma once

#include "storage/tables/events.hpp"

namespace connectd::storage {

// The events of a workspace that were made before a moment, oldest first, as they were read.
task<result<listing<stored<event>>>> events_before(kv& store, crypto::workspace_id workspace, sys_ms moment,
                                                   std::size_t limit);

// The event and its mark in the log.
void forget_event(write_batch& batch, stored<event> const& old);

} // namespace connectd::storage

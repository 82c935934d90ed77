// Whether the chains of the audit log are whole. Reads only; for the command `connectd audit verify`, with
// the store open on one thread.
//
// The digests have no key: whoever can write to the store can also compute a whole new chain. So the head
// that an examination reports is worth keeping elsewhere, and a later one is then compared with it.
#pragma once

#include "storage/tables/audit.hpp"

#include <functional>
#include <string>

namespace connectd::storage {

// The first thing that is wrong with a chain.
struct audit_break {
    std::uint64_t number = 0; // of the entry
    std::string what;         // in words
};

struct audit_examination {
    crypto::workspace_id workspace;
    std::uint64_t entries = 0;
    audit_end head;
    std::optional<audit_break> broken;
};

// Goes through one chain from its anchor to its head. Errors: read_failed, store_closed; what cannot be
// decoded is a break.
task<result<audit_examination>> examine(kv& store, crypto::workspace_id workspace);

} // namespace connectd::storage

// Sees what memory holds at the moment it is given back, which is the only moment when the wipe of a
// destroyed object can be observed soundly: the test binary replaces operator new and delete, and delete
// looks before it frees.
//
// Threads: one watch at a time, on the thread that frees.
#pragma once

#include <cstddef>
#include <optional>

namespace connectd::crypto::freed_memory {

// Watches the block that starts at `memory`. Requires: it came from operator new and has at least `size`
// bytes.
void watch(void const* memory, std::size_t size);

// Whether all watched bytes were zero when the block was freed; nothing while it has not been freed.
std::optional<bool> was_wiped();

} // namespace connectd::crypto::freed_memory

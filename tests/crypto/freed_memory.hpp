// Sees what memory holds at the moment it is given back, which is the only moment when the wipe of a
// destroyed object can be observed soundly: the test binary replaces operator new and delete, and delete
// looks before it frees.
//
// Not under ThreadSanitizer, whose runtime brings operators of its own: the tests that watch are left out
// there.
//
// Threads: one watch at a time, on the thread that frees.
#pragma once

#include <cstddef>
#include <optional>

namespace connectd::crypto::freed_memory {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CONNECTD_OPERATORS_ARE_TAKEN
#endif
#endif

#ifdef CONNECTD_OPERATORS_ARE_TAKEN
inline constexpr bool can_watch = false;
#else
inline constexpr bool can_watch = true;
#endif

// Watches the block that starts at `memory`. Requires: it came from operator new and has at least `size`
// bytes.
void watch(void const* memory, std::size_t size);

// Whether all watched bytes were zero when the block was freed; nothing while it has not been freed.
std::optional<bool> was_wiped();

} // namespace connectd::crypto::freed_memory

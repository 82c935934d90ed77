// Starts libsodium once, for the units of crypto that call it. It picks the implementations for this CPU and
// must have run before guarded memory or hashing is used from several threads.
//
// Threads: any. Errors: throws std::runtime_error when libsodium cannot start, which means there is no
// randomness.
#pragma once

namespace connectd::crypto {

void sodium_ready();

} // namespace connectd::crypto

// Random bytes from the kernel. Small requests (ids, nonces) are cut from a block that each thread draws
// ahead, because one system call costs more than the rest of a seal; bytes are wiped from the block as they
// are handed out, and a forked child throws away the block it inherited, so that parent and child never share
// a nonce.
//
// Threads: any thread. Errors: none; the process ends when the kernel has no randomness (libsodium aborts).
#pragma once

#include "crypto/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace connectd::crypto {

void random_fill(std::span<std::uint8_t> out);

// base64url of that many random bytes, for values that are not secret or do not stay (a nonce, a request id).
std::string random_token(std::size_t byte_count);

// The same for values that are: a state, a verifier, a webhook secret.
secret random_secret_token(std::size_t byte_count);

} // namespace connectd::crypto

// AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag, for the keyring and its tests;
// everybody else seals through a keyring, which chooses nonces and counts them.
//
// Threads: any thread; each reuses two cipher contexts of its own. A context keeps the schedule of the last
// key it used in ordinary memory until the thread uses another key or ends; when the same key comes again its
// schedule is not computed anew. Errors: std::runtime_error when OpenSSL offers no AES-256-GCM.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/guarded_key.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace connectd::crypto::aead {

inline constexpr std::size_t nonce_size = 12;
inline constexpr std::size_t tag_size = 16;
using nonce_view = std::span<std::uint8_t const, nonce_size>;

// Writes ciphertext, then tag. Requires: `nonce` was never used with this key before; out.size() ==
// plaintext.size() + tag_size; no size is above 2^31 - 1; `out` does not overlap `plaintext`.
void seal(guarded_key const& key, nonce_view nonce, bytes_view associated, bytes_view plaintext,
          std::span<std::uint8_t> out);

// False when the tag does not fit: then `out` is wiped. Requires: sealed.size() >= tag_size; out.size() ==
// sealed.size() - tag_size; the rest as for `seal`.
[[nodiscard]] bool open(guarded_key const& key, nonce_view nonce, bytes_view associated, bytes_view sealed,
                        std::span<std::uint8_t> out);

} // namespace connectd::crypto::aead

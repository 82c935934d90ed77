// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104).
//
// Threads: any thread; each reuses contexts of its own. A context keeps the last HMAC key in ordinary memory
// until the next call on that thread. Errors: none for any input; std::runtime_error when OpenSSL offers no
// SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace connectd::crypto {

using digest256 = std::array<std::uint8_t, 32>;

digest256 sha256(std::string_view data);

digest256 hmac_sha256(std::string_view key, std::string_view data);

} // namespace connectd::crypto

#include "crypto/compare.hpp"

#include <openssl/crypto.h>

namespace connectd::crypto {

bool equal_constant_time(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() &&
           (left.empty() || CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0);
}

} // namespace connectd::crypto

#include "crypto/sodium_ready.hpp"

#include <sodium.h>

#include <stdexcept>

namespace connectd::crypto {

void sodium_ready() {
    static bool const started = sodium_init() >= 0;
    if (!started)
        throw std::runtime_error("libsodium could not be started");
}

} // namespace connectd::crypto

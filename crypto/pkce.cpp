#include "crypto/pkce.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace connectd::crypto {

secret make_verifier() {
    return random_secret_token(32);
}

std::string challenge_s256(std::string_view verifier) {
    return encode_base64url(sha256(verifier));
}

std::string challenge_s256_hex(std::string_view verifier) {
    return encode_hex(sha256(verifier));
}

} // namespace connectd::crypto

#include "crypto/password.hpp"

#include "crypto/sodium_ready.hpp"

#include <sodium.h>

#include <new>
#include <stdexcept>

namespace connectd::crypto {
namespace {

// libsodium reads a C string: what hides behind a NUL would be ignored rather than refused.
bool could_be_hash(std::string_view text) {
    return text.size() < crypto_pwhash_argon2id_STRBYTES && text.find('\0') == std::string_view::npos;
}

} // namespace

std::string hash_password(std::string_view password, password_cost const& cost) {
    sodium_ready();
    if (cost.passes < crypto_pwhash_argon2id_OPSLIMIT_MIN ||
        cost.memory < crypto_pwhash_argon2id_MEMLIMIT_MIN)
        throw std::invalid_argument("the cost of a password hash is too low");
    char text[crypto_pwhash_argon2id_STRBYTES];
    if (crypto_pwhash_argon2id_str(text, password.data(), password.size(), cost.passes, cost.memory) != 0)
        throw std::bad_alloc();
    return text;
}

bool verify_password(std::string_view hash, std::string_view password) {
    sodium_ready();
    return could_be_hash(hash) && crypto_pwhash_argon2id_str_verify(std::string(hash).c_str(),
                                                                    password.data(), password.size()) == 0;
}

bool needs_rehash(std::string_view hash, password_cost const& cost) {
    sodium_ready();
    return !could_be_hash(hash) ||
           crypto_pwhash_argon2id_str_needs_rehash(std::string(hash).c_str(), cost.passes, cost.memory) != 0;
}

} // namespace connectd::crypto

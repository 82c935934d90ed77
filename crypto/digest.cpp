#include "crypto/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>

namespace connectd::crypto {
namespace {

[[noreturn]] void fail() {
    throw std::runtime_error("OpenSSL could not compute SHA-256");
}

// Fetched once, because a fetch walks the providers under a lock. Never freed: threads may still hash while
// the process ends.
EVP_MD const* sha256_algorithm() {
    static EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (fetched == nullptr)
        fail();
    return fetched;
}

struct free_context {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};

std::unique_ptr<EVP_MAC_CTX, free_context> make_hmac_context() {
    static EVP_MAC* const fetched = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    std::unique_ptr<EVP_MAC_CTX, free_context> context(fetched ? EVP_MAC_CTX_new(fetched) : nullptr);
    char name[] = "SHA256";
    OSSL_PARAM const parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                     OSSL_PARAM_construct_end()};
    if (!context || EVP_MAC_CTX_set_params(context.get(), parameters) != 1)
        fail();
    return context;
}

} // namespace

digest256 sha256(std::string_view data) {
    thread_local std::unique_ptr<EVP_MD_CTX, free_context> const context(EVP_MD_CTX_new());
    digest256 digest;
    if (!context || EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
        fail();
    return digest;
}

digest256 hmac_sha256(std::string_view key, std::string_view data) {
    thread_local auto const context = make_hmac_context();
    // OpenSSL reads a null key as "keep the last one", so an empty key needs an address.
    auto const* const key_bytes = reinterpret_cast<unsigned char const*>(key.empty() ? "" : key.data());
    digest256 digest;
    std::size_t size = 0;
    if (EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) != 1 ||
        EVP_MAC_update(context.get(), reinterpret_cast<unsigned char const*>(data.data()), data.size()) !=
            1 ||
        EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) != 1 || size != digest.size())
        fail();
    return digest;
}

} // namespace connectd::crypto

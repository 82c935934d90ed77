#include "crypto/aead.hpp"

#include "crypto/secret.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <stdexcept>

namespace connectd::crypto::aead {
namespace {

void check(int outcome) {
    if (outcome != 1)
        throw std::runtime_error("OpenSSL failed in AES-256-GCM");
}

// Fetched once, because a fetch walks the providers under a lock. Never freed: threads may still seal while
// the process ends.
EVP_CIPHER const* algorithm() {
    static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    if (fetched == nullptr)
        throw std::runtime_error("OpenSSL offers no AES-256-GCM");
    return fetched;
}

// One cipher context in one direction, with the key it was last given.
class cipher {
  public:
    explicit cipher(bool encrypts) : context_(EVP_CIPHER_CTX_new()) {
        if (!context_)
            throw std::bad_alloc();
        check(EVP_CipherInit_ex2(context_.get(), algorithm(), nullptr, nullptr, encrypts ? 1 : 0, nullptr));
    }

    EVP_CIPHER_CTX* start(guarded_key const& key, nonce_view nonce, bytes_view associated) {
        bool const same_key = key.serial() == key_serial_;
        key_serial_ = 0; // Whatever throws below leaves a context that is keyed anew.
        check(EVP_CipherInit_ex2(context_.get(), nullptr, same_key ? nullptr : key.reveal().data(),
                                 nonce.data(), -1, nullptr));
        key_serial_ = key.serial();
        int size = 0;
        if (!associated.empty())
            check(EVP_CipherUpdate(context_.get(), nullptr, &size, associated.data(),
                                   static_cast<int>(associated.size())));
        return context_.get();
    }

  private:
    struct release {
        void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
    };

    std::unique_ptr<EVP_CIPHER_CTX, release> context_;
    std::uint64_t key_serial_ = 0;
};

void update(EVP_CIPHER_CTX* context, bytes_view in, std::uint8_t* out) {
    int size = 0;
    if (!in.empty())
        check(EVP_CipherUpdate(context, out, &size, in.data(), static_cast<int>(in.size())));
}

} // namespace

void seal(guarded_key const& key, nonce_view nonce, bytes_view associated, bytes_view plaintext,
          std::span<std::uint8_t> out) {
    thread_local cipher encryption(true);
    auto* const context = encryption.start(key, nonce, associated);
    update(context, plaintext, out.data());
    auto* const tag = out.data() + plaintext.size();
    int size = 0;
    check(EVP_CipherFinal_ex(context, tag, &size));
    check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size), tag));
}

bool open(guarded_key const& key, nonce_view nonce, bytes_view associated, bytes_view sealed,
          std::span<std::uint8_t> out) {
    thread_local cipher decryption(false);
    auto* const context = decryption.start(key, nonce, associated);
    auto const ciphertext = sealed.first(sealed.size() - tag_size);
    update(context, ciphertext, out.data());
    std::array<std::uint8_t, tag_size> tag;
    std::copy(sealed.end() - static_cast<std::ptrdiff_t>(tag_size), sealed.end(), tag.begin());
    check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size), tag.data()));
    std::array<std::uint8_t, 16> unused;
    int size = 0;
    if (EVP_CipherFinal_ex(context, unused.data(), &size) == 1)
        return true;
    wipe(out.data(), out.size());
    return false;
}

} // namespace connectd::crypto::aead

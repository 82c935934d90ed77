// AES-256-GCM with everything prepared beforehand: one context, the key set once, a fresh nonce a call. One
// thread.
#pragma once

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace connectd::bench {

class sealer {
  public:
    sealer() : context_{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free} {
        std::array<unsigned char, 32> key{};
        RAND_bytes(key.data(), static_cast<int>(key.size()));
        if (EVP_EncryptInit_ex2(context_.get(), EVP_aes_256_gcm(), key.data(), nullptr, nullptr) != 1) {
            throw std::runtime_error("no AES-256-GCM");
        }
    }

    // nonce | ciphertext | tag
    std::string seal(std::string_view plain) {
        constexpr std::size_t nonce = 12;
        constexpr std::size_t tag = 16;
        std::string sealed(nonce + plain.size() + tag, '\0');
        auto* const bytes = reinterpret_cast<unsigned char*>(sealed.data());
        int length = 0;
        RAND_bytes(bytes, nonce);
        EVP_EncryptInit_ex2(context_.get(), nullptr, nullptr, bytes, nullptr);
        EVP_EncryptUpdate(context_.get(), bytes + nonce, &length,
                          reinterpret_cast<unsigned char const*>(plain.data()),
                          static_cast<int>(plain.size()));
        EVP_EncryptFinal_ex(context_.get(), bytes + nonce + length, &length);
        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_GET_TAG, tag, bytes + nonce + plain.size());
        return sealed;
    }

  private:
    std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
};

} // namespace connectd::bench

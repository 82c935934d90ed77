#include "tools/sandbox/oauth/id_token.hpp"

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <span>
#include <stdexcept>

namespace connectd::sandbox::oauth {
namespace {

constexpr unsigned key_bits = 2048;

struct free_openssl {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};

void require(bool done) {
    if (!done)
        throw std::runtime_error{"OpenSSL could not sign an ID token"};
}

EVP_PKEY* signing_key() {
    static std::unique_ptr<EVP_PKEY, free_openssl> const key{EVP_RSA_gen(key_bits)};
    require(key != nullptr);
    return key.get();
}

std::string part_of_key(char const* name) {
    BIGNUM* read = nullptr;
    require(EVP_PKEY_get_bn_param(signing_key(), name, &read) == 1);
    std::unique_ptr<BIGNUM, free_openssl> const number{read};
    crypto::bytes octets(static_cast<std::size_t>(BN_num_bytes(number.get())));
    BN_bn2bin(number.get(), octets.data());
    return crypto::encode_base64url(octets);
}

// RFC 7638: the hash of the key's required members, in their order.
std::string key_id() {
    static std::string const id = [] {
        auto const members = R"({"e":")" + part_of_key(OSSL_PKEY_PARAM_RSA_E) + R"(","kty":"RSA","n":")" +
                             part_of_key(OSSL_PKEY_PARAM_RSA_N) + R"("})";
        return crypto::encode_base64url(crypto::sha256(members));
    }();
    return id;
}

std::string encode_json(boost::json::object const& object) {
    return crypto::encode_base64url(crypto::as_bytes(boost::json::serialize(object)));
}

std::string sign(std::string_view text) {
    std::unique_ptr<EVP_MD_CTX, free_openssl> const context{EVP_MD_CTX_new()};
    require(context != nullptr &&
            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, signing_key()) == 1);
    auto const data = crypto::as_bytes(text);
    crypto::bytes signature(key_bits / 8);
    auto size = signature.size();
    require(EVP_DigestSign(context.get(), signature.data(), &size, data.data(), data.size()) == 1);
    signature.resize(size);
    return crypto::encode_base64url(signature);
}

} // namespace

std::string sign_id_token(boost::json::object const& claims) {
    auto token = encode_json({{"alg", "RS256"}, {"kid", key_id()}, {"typ", "JWT"}});
    token += '.';
    token += encode_json(claims);
    return token + '.' + sign(token);
}

boost::json::object id_token_keys() {
    boost::json::object key{{"kty", "RSA"},
                            {"use", "sig"},
                            {"alg", "RS256"},
                            {"kid", key_id()},
                            {"n", part_of_key(OSSL_PKEY_PARAM_RSA_N)},
                            {"e", part_of_key(OSSL_PKEY_PARAM_RSA_E)}};
    return {{"keys", boost::json::array{std::move(key)}}};
}

std::string half_hash(std::string_view token) {
    auto const digest = crypto::sha256(token);
    return crypto::encode_base64url(std::span{digest}.first(digest.size() / 2));
}

} // namespace connectd::sandbox::oauth

// ID tokens: that they verify with the published key, by OpenSSL and not by the code that signed them.
#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "tools/sandbox/oauth/id_token.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace connectd::tests {
namespace {

struct free_openssl {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
    void operator()(OSSL_PARAM_BLD* builder) const noexcept { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* parameters) const noexcept { OSSL_PARAM_free(parameters); }
};
template <class T>
using owned = std::unique_ptr<T, free_openssl>;

owned<BIGNUM> number(boost::json::value const& text) {
    auto const octets = crypto::decode_base64url(text.as_string()).value();
    return owned<BIGNUM>{BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr)};
}

owned<EVP_PKEY> public_key(boost::json::object const& jwk) {
    auto const modulus = number(jwk.at("n"));
    auto const exponent = number(jwk.at("e"));
    owned<OSSL_PARAM_BLD> const builder{OSSL_PARAM_BLD_new()};
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    owned<OSSL_PARAM> const parameters{OSSL_PARAM_BLD_to_param(builder.get())};
    owned<EVP_PKEY_CTX> const context{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr)};
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context.get());
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
    return owned<EVP_PKEY>{key};
}

bool verifies(std::string_view token, EVP_PKEY* key) {
    auto const dot = token.rfind('.');
    auto const signature = crypto::decode_base64url(token.substr(dot + 1)).value();
    auto const text = crypto::as_bytes(token.substr(0, dot));
    owned<EVP_MD_CTX> const context{EVP_MD_CTX_new()};
    EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

boost::json::object part(std::string_view token, int index) {
    for (; index > 0; --index)
        token.remove_prefix(token.find('.') + 1);
    auto const decoded = crypto::decode_base64url(token.substr(0, token.find('.'))).value();
    return boost::json::parse(crypto::as_text(decoded)).as_object();
}

BOOST_AUTO_TEST_SUITE(oauth_id_token_test)

BOOST_AUTO_TEST_CASE(a_token_verifies_with_the_published_key) {
    auto const token = sandbox::oauth::sign_id_token({{"sub", "782bbdllp1"}, {"exp", 1}});
    auto const keys = sandbox::oauth::id_token_keys();
    auto const& jwk = keys.at("keys").as_array().at(0).as_object();
    auto const key = public_key(jwk);
    BOOST_TEST(verifies(token, key.get()));
    auto changed = token;
    changed[token.find('.') + 3] = changed[token.find('.') + 3] == 'A' ? 'B' : 'A';
    BOOST_TEST(!verifies(changed, key.get()));
    BOOST_TEST(part(token, 0).at("alg").as_string() == "RS256");
    BOOST_TEST(part(token, 0).at("kid") == jwk.at("kid"));
    BOOST_TEST(part(token, 1).at("sub").as_string() == "782bbdllp1");
}

BOOST_AUTO_TEST_CASE(half_a_hash_is_as_openid_connect_has_it) {
    // The access token of OpenID Connect Core 1.0, appendix A.3, and the at_hash of its ID token.
    BOOST_TEST(sandbox::oauth::half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") ==
               "77QmUPtjPfzWtF2AnpK9RQ");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

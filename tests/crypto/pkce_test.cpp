#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/pkce.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::crypto {

BOOST_AUTO_TEST_SUITE(pkce_test)

BOOST_AUTO_TEST_CASE(rfc_7636_appendix_b) {
    BOOST_TEST(challenge_s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

BOOST_AUTO_TEST_CASE(hex_form_is_the_same_digest) {
    auto const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    auto const digest = decode_base64url(challenge_s256(verifier)).value();
    BOOST_TEST(challenge_s256_hex(verifier) == encode_hex(digest));
    BOOST_TEST(challenge_s256_hex(verifier).size() == 64u);
}

// RFC 7636 section 4.1: 43 to 128 unreserved characters, at least 256 bits of entropy recommended.
BOOST_AUTO_TEST_CASE(verifiers_are_fresh_and_well_formed) {
    auto const verifier = make_verifier();
    BOOST_TEST(verifier.size() == 43u);
    BOOST_TEST(decode_base64url(verifier.reveal()).value().size() == 32u);
    BOOST_TEST(verifier.reveal() != make_verifier().reveal());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto

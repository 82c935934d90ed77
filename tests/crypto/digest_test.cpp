// SHA-256 against the examples of FIPS 180-4, HMAC-SHA-256 against RFC 4231.
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <thread>

namespace connectd::crypto {
namespace {

struct hashed {
    std::string data;
    std::string_view digest;

    friend std::ostream& operator<<(std::ostream& out, hashed const& value) { return out << value.digest; }
};

hashed const fips_180[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrs"
     "tnop"
     "qrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

struct authenticated {
    int number;
    std::string key;
    std::string data;
    std::string_view tag; // Test case 5 publishes only the first half.

    friend std::ostream& operator<<(std::ostream& out, authenticated const& value) {
        return out << "test case " << value.number;
    }
};

std::string counting_key() {
    std::string key;
    for (char c = 1; c <= 25; ++c)
        key.push_back(c);
    return key;
}

authenticated const rfc_4231[] = {
    {1, std::string(20, '\x0b'), "Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {2, "Jefe", "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {3, std::string(20, '\xaa'), std::string(50, '\xdd'),
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {4, counting_key(), std::string(50, '\xcd'),
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {5, std::string(20, '\x0c'), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
    {6, std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {7, std::string(131, '\xaa'),
     "This is a test using a larger than block-size key and a larger than block-size data. The key needs to "
     "be "
     "hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(digest_test)

BOOST_DATA_TEST_CASE(sha256_published, boost::unit_test::data::make(fips_180), vector) {
    BOOST_TEST(encode_hex(sha256(vector.data)) == vector.digest);
}

BOOST_DATA_TEST_CASE(hmac_published, boost::unit_test::data::make(rfc_4231), vector) {
    BOOST_TEST(encode_hex(hmac_sha256(vector.key, vector.data)).substr(0, vector.tag.size()) == vector.tag);
}

// The contexts are reused: what was computed before, even with another key, must not show.
BOOST_AUTO_TEST_CASE(calls_do_not_influence_each_other) {
    auto const with_key = hmac_sha256("key", "data");
    // The well-known value for an empty key and no data.
    BOOST_TEST(encode_hex(hmac_sha256("", "")) ==
               "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    BOOST_TEST((hmac_sha256({}, {}) == hmac_sha256("", "")));
    BOOST_TEST((hmac_sha256("key", "data") == with_key));
    BOOST_TEST((hmac_sha256("kez", "data") != with_key));
    digest256 elsewhere{};
    std::thread([&] { elsewhere = hmac_sha256("key", "data"); }).join();
    BOOST_TEST((elsewhere == with_key));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto

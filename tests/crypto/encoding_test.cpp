// RFC 4648 section 10, and that every text but the one right one is refused.
#include "crypto/encoding.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cctype>
#include <ostream>
#include <string>

namespace connectd::crypto {
namespace {

struct known {
    std::string_view plain;
    std::string_view base64;
    std::string_view base64url;
    std::string_view hex;

    friend std::ostream& operator<<(std::ostream& out, known const& value) { return out << value.plain; }
};

known const rfc_4648[] = {
    {"", "", "", ""},
    {"f", "Zg==", "Zg", "66"},
    {"fo", "Zm8=", "Zm8", "666f"},
    {"foo", "Zm9v", "Zm9v", "666f6f"},
    {"foob", "Zm9vYg==", "Zm9vYg", "666f6f62"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE", "666f6f6261"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172"},
    // The two characters in which the alphabets differ.
    {"\xfb\xff\xbf", "+/+/", "-_-_", "fbffbf"},
};

std::string_view const not_base64[] = {
    "Zg",         // no padding
    "Zg=",        // half of it
    "Zg===",      // too much of it
    "Zm9v=",      // where none belongs
    "Zm9v====",   // a whole group of it
    "=",          // nothing else
    "Zh==",       // trailing bits that are not zero: a second text for "f"
    "Zm9=",       // the same for "fo"
    "Zm9v\n",     // white space at the end
    "Zm 9v",      // and inside
    " Zm9v",      // and in front
    "Zm9vZ",      // a lone last character
    "-_-_",       // the other alphabet
    "Zm9*",       // no alphabet
    "Zg==Zg==",   // two texts
    "Zm9\xc3\xa9" // not ASCII
};

std::string_view const not_base64url[] = {
    "Zg==",    // padding
    "Zh",      // trailing bits that are not zero
    "Zm9",     // the same: 9 ends in a bit that "fo" does not have
    "Z",       // a lone character
    "Zm9vZ",   // a lone last character
    "+/+/",    // the other alphabet
    "Zm9v\n",  // white space
    "Zm9v Zg", // white space
    "Zm9v.",   // no alphabet
};

std::string_view const not_hex[] = {"6", "666", "6g", "0x66", "66 ", " 66", "66:66", "66\n", "6\xc3\xa9"};

} // namespace

BOOST_AUTO_TEST_SUITE(encoding_test)

BOOST_DATA_TEST_CASE(published_vectors, boost::unit_test::data::make(rfc_4648), vector) {
    auto const plain = as_bytes(vector.plain);
    BOOST_TEST(encode_base64(plain) == vector.base64);
    BOOST_TEST(encode_base64url(plain) == vector.base64url);
    BOOST_TEST(encode_base64url_secret(plain).reveal() == vector.base64url);
    BOOST_TEST(encode_hex(plain) == vector.hex);
    BOOST_TEST(encode_hex_secret(plain).reveal() == vector.hex);
    BOOST_TEST(as_text(decode_base64(vector.base64).value()) == vector.plain);
    BOOST_TEST(as_text(decode_base64url(vector.base64url).value()) == vector.plain);
    BOOST_TEST(as_text(decode_hex(vector.hex).value()) == vector.plain);
    BOOST_TEST(decode_hex_secret(vector.hex).value().reveal() == vector.plain);
}

BOOST_AUTO_TEST_CASE(hex_is_read_in_both_cases) {
    BOOST_TEST(as_text(decode_hex("6F").value()) == "o");
    BOOST_TEST(as_text(decode_hex("6f").value()) == "o");
}

BOOST_DATA_TEST_CASE(wrong_base64_is_refused, boost::unit_test::data::make(not_base64), text) {
    BOOST_TEST(decode_base64(text).error() == make_error_code(errc::malformed_encoding));
}

BOOST_DATA_TEST_CASE(wrong_base64url_is_refused, boost::unit_test::data::make(not_base64url), text) {
    BOOST_TEST(decode_base64url(text).error() == make_error_code(errc::malformed_encoding));
}

BOOST_DATA_TEST_CASE(wrong_hex_is_refused, boost::unit_test::data::make(not_hex), text) {
    BOOST_TEST(decode_hex(text).error() == make_error_code(errc::malformed_encoding));
    BOOST_TEST(decode_hex_secret(text).error() == make_error_code(errc::malformed_encoding));
}

BOOST_AUTO_TEST_CASE(a_nul_is_not_the_end_of_the_text) {
    using namespace std::string_view_literals;
    BOOST_TEST(decode_base64("Zm9v\0"sv).has_error());
    BOOST_TEST(decode_base64url("Zm9v\0Zg"sv).has_error());
    BOOST_TEST(decode_hex("66\0"sv).has_error());
    BOOST_TEST(decode_hex("66\0\0"sv).has_error());
}

// One value, one text: whatever decodes also encodes to the same text.
BOOST_AUTO_TEST_CASE(no_two_texts_mean_the_same) {
    for (int first = 0; first < 256; ++first)
        for (int second = 0; second < 256; ++second) {
            std::string const text{static_cast<char>(first), static_cast<char>(second)};
            if (auto const decoded = decode_base64url(text))
                BOOST_REQUIRE_EQUAL(encode_base64url(*decoded), text);
            if (auto const decoded = decode_base64(text + "=="))
                BOOST_REQUIRE_EQUAL(encode_base64(*decoded), text + "==");
            if (auto const decoded = decode_hex(text)) {
                BOOST_REQUIRE(std::isxdigit(first) && std::isxdigit(second));
                BOOST_REQUIRE_EQUAL(decoded->size(), 1u);
            }
        }
}

BOOST_AUTO_TEST_CASE(every_length_survives) {
    bytes data;
    for (std::size_t size = 0; size < 200; ++size, data.push_back(static_cast<std::uint8_t>(size * 37))) {
        BOOST_REQUIRE(decode_base64(encode_base64(data)).value() == data);
        BOOST_REQUIRE(decode_base64url(encode_base64url(data)).value() == data);
        BOOST_REQUIRE(decode_hex(encode_hex(data)).value() == data);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto

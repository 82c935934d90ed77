// Percent escapes, queries and forms: strict, and the same after a round trip.

#include "server/http/parameters.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace connectd::tests {

namespace {

namespace http = server::http;

} // namespace

BOOST_AUTO_TEST_SUITE(parameters_test)

BOOST_AUTO_TEST_CASE(decodes_escapes) {
    BOOST_TEST(http::percent_decode("a%20b%2fc%C3%A4+").value() == "a b/c\xc3\xa4+");
    BOOST_TEST(http::percent_decode("").value() == "");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_an_escape_or_not_text) {
    for (std::string_view const text : {"%", "%4", "%zz", "%4g", "a%", "%00", "%0a", "%7f", "\n", "%ff",
                                        "%c3", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%e2%82"}) {
        BOOST_TEST(!http::percent_decode(text), "accepted " << text);
    }
}

BOOST_AUTO_TEST_CASE(reads_queries) {
    auto const read =
        http::parse_parameters("a=1&b=%3D%26&&a=2&empty=&bare&c=x=y&sp=+%2B&text=a%0Ab").value();
    BOOST_TEST(read.find("a").value() == "1");
    BOOST_TEST(read.all("a").size() == 2U);
    BOOST_TEST(read.repeated("a"));
    BOOST_TEST(!read.repeated("b"));
    BOOST_TEST(read.find("b").value() == "=&");
    BOOST_TEST(read.find("empty").value() == "");
    BOOST_TEST(read.find("bare").value() == "");
    BOOST_TEST(read.find("c").value() == "x=y");
    BOOST_TEST(read.find("sp").value() == " +");
    BOOST_TEST(read.find("text").value() == "a\nb");
    BOOST_TEST(!read.contains("missing"));
    BOOST_TEST(http::parse_parameters("").value().empty());
}

BOOST_AUTO_TEST_CASE(refuses_malformed_queries) {
    for (std::string_view const text : {"a=%", "%=a", "=a", "a=%00", "a=%ff", "a=\xff"}) {
        BOOST_TEST(!http::parse_parameters(text), "accepted " << text);
    }
    BOOST_TEST(http::parse_parameters("a&b", 2).has_value());
    BOOST_TEST(!http::parse_parameters("a&b&c", 2).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_encoded_decodes_to_itself) {
    std::string text;
    for (char letter = 0x20; letter < 0x7f; ++letter) {
        text.push_back(letter);
    }
    text += "\xc3\xa4\xf0\x9f\x98\x80";
    auto const encoded = http::percent_encode(text);
    BOOST_TEST(http::percent_decode(encoded).value() == text);
    BOOST_TEST(http::parse_parameters("x=" + encoded).value().find("x").value() == text);
    BOOST_TEST(http::percent_encode("a-b_c.d~e/f g") == "a-b_c.d~e%2Ff%20g");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

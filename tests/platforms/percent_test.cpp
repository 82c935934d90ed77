// The two encodings of OAuth requests, byte for byte.
#include "platforms/percent.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;

std::string percent(std::string_view text) {
    std::string out;
    append_percent_encoded(out, text);
    return out;
}

std::string form(std::string_view text) {
    std::string out;
    append_form_encoded(out, text);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(percent_test)

BOOST_AUTO_TEST_CASE(only_unreserved_characters_stay_in_a_query) {
    BOOST_TEST(percent("AZaz09-._~") == "AZaz09-._~");
    BOOST_TEST(percent("tweet.read users.read") == "tweet.read%20users.read");
    BOOST_TEST(percent("https://a.example/cb?x=1&y=#") == "https%3A%2F%2Fa.example%2Fcb%3Fx%3D1%26y%3D%23");
    BOOST_TEST(percent("+*!'()%") == "%2B%2A%21%27%28%29%25");
    BOOST_TEST(percent(std::string_view("\0\x7f\xc3\xbc", 4)) == "%00%7F%C3%BC");
}

BOOST_AUTO_TEST_CASE(forms_follow_the_url_standard) {
    BOOST_TEST(form("AZaz09-._*") == "AZaz09-._*");
    BOOST_TEST(form("a b+c~d") == "a+b%2Bc%7Ed");
    // A TikTok code as its documents show it.
    BOOST_TEST(form("9aXk*0!4523.e1") == "9aXk*0%214523.e1");
}

BOOST_AUTO_TEST_CASE(parameters_join_what_is_there) {
    std::string url = "https://a.example/x";
    append_query(url, "a", "1");
    append_query(url, "b c", "2&3");
    BOOST_TEST(url == "https://a.example/x?a=1&b%20c=2%263");
    std::string open = "https://a.example/x?";
    append_query(open, "a", "");
    BOOST_TEST(open == "https://a.example/x?a=");
    std::string body;
    append_form(body, "a", "x y");
    append_form(body, "b", "=");
    BOOST_TEST(body == "a=x+y&b=%3D");
}

BOOST_AUTO_TEST_SUITE_END()

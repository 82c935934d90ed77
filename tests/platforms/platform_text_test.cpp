// Text of platforms is bounded and cannot break a log line, a terminal or a page's direction.
#include "platforms/platform_text.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using connectd::platforms::platform_text;

} // namespace

BOOST_AUTO_TEST_SUITE(platform_text_test)

BOOST_AUTO_TEST_CASE(ordinary_text_stays) {
    BOOST_TEST(platform_text("Value passed for the token was invalid.", 300) ==
               "Value passed for the token was invalid.");
    BOOST_TEST(platform_text("B\xc3\xa4"
                             "ckerei \xe2\x82\xac \xf0\x9f\x8d\x9e",
                             300) == "B\xc3\xa4"
                                     "ckerei \xe2\x82\xac \xf0\x9f\x8d\x9e");
}

BOOST_AUTO_TEST_CASE(control_characters_become_spaces_and_the_ends_are_trimmed) {
    BOOST_TEST(platform_text("\r\n a\tb\x1b[31mc\x7f"
                             "d \n",
                             300) == "a b [31mc d");
    BOOST_TEST(platform_text("a\xc2\x85"
                             "b",
                             300) == "a b");
    BOOST_TEST(platform_text("a\xe2\x80\xae"
                             "b\xe2\x81\xa6"
                             "c\xe2\x80\xa8"
                             "d",
                             300) == "a b c d");
    BOOST_TEST(platform_text(" \n ", 300) == "");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_become_question_marks) {
    BOOST_TEST(platform_text("a\xff\xfe"
                             "b",
                             300) == "a??b");
    BOOST_TEST(platform_text("\xc0\xaf", 300) == "??");
    BOOST_TEST(platform_text("\xed\xa0\x80", 300) == "???");
    BOOST_TEST(platform_text("\xf4\x90\x80\x80", 300) == "????");
    BOOST_TEST(platform_text("x\xe2\x82", 300) == "x??");
}

BOOST_AUTO_TEST_CASE(the_cut_falls_between_characters) {
    BOOST_TEST(platform_text("abcdef", 3) == "abc");
    BOOST_TEST(platform_text("ab\xe2\x82\xac", 4) == "ab");
    BOOST_TEST(platform_text("ab\xe2\x82\xac", 5) == "ab\xe2\x82\xac");
    BOOST_TEST(platform_text("ab cd", 3) == "ab");
    BOOST_TEST(platform_text("abc", 0) == "");
}

BOOST_AUTO_TEST_SUITE_END()

// Answers are read with their numbers untouched; what is not JSON is nothing.
#include "platforms/json_answer.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using connectd::platforms::find_text;
using connectd::platforms::json_answer;

std::string at(std::string_view json, std::vector<std::string> const& pointers) {
    json_answer const answer(json);
    return answer.root() == nullptr ? "(not JSON)" : std::string(find_text(*answer.root(), pointers));
}

char const* const not_json[] = {
    "",
    " ",
    "<html><body>Bad gateway</body></html>",
    "{\"a\":1",
    "{\"a\":1}}",
    "{\"a\":1}x",
    "{a:1}",
    "{\"a\":\"\xff\"}",
    "{\"a\":\"\xc0\xaf\"}",
    "{\"a\":\"\xed\xa0\x80\"}",
    "\xef\xbb\xbf{}",
    "access_token=1&expires=2",
    "{\"a\":01}",
    "{\"a\":1,}",
};

} // namespace

BOOST_AUTO_TEST_SUITE(json_answer_test)

BOOST_AUTO_TEST_CASE(numbers_keep_their_digits) {
    for (std::string const digits :
         {"0", "7", "-12", "9007199254740993", "18446744073709551615", "18446744073709551616",
          "123456789012345678901234567890", "1.50", "1e3", "-0", "7200.0"}) {
        BOOST_TEST(at("{\"id\":" + digits + "}", {"/id"}) == digits);
        BOOST_TEST(at("{\"id\":\"" + digits + "\"}", {"/id"}) == digits);
    }
}

BOOST_DATA_TEST_CASE(what_is_not_json_is_nothing, not_json, text) {
    json_answer const answer(text);
    BOOST_TEST(answer.root() == nullptr);
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
    auto const nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    json_answer const shallow(nested(30));
    BOOST_TEST(shallow.root() != nullptr);
    json_answer const deep(nested(100));
    BOOST_TEST(deep.root() == nullptr);
    json_answer const abyss(std::string(100000, '['));
    BOOST_TEST(abyss.root() == nullptr);
}

BOOST_AUTO_TEST_CASE(the_first_pointer_that_leads_somewhere_wins) {
    auto const json = R"({"a":"","b":null,"c":{"d":"x"},"e":[{"f":"y"}],"g":true,"h/i":"z"})";
    BOOST_TEST(at(json, {"/a", "/b", "/c", "/e", "/g", "/none", "/c/d"}) == "x");
    BOOST_TEST(at(json, {"/e/0/f"}) == "y");
    BOOST_TEST(at(json, {"/e/1/f"}) == "");
    BOOST_TEST(at(json, {"/e/x"}) == "");
    BOOST_TEST(at(json, {"/h~1i"}) == "z");
    BOOST_TEST(at(json, {}) == "");
    BOOST_TEST(at("[]", {"/a"}) == "");
}

BOOST_AUTO_TEST_CASE(an_answer_larger_than_the_inner_buffer_is_read_too) {
    std::string const token(20000, 't');
    auto const json = "{\"filler\":[" + std::string(5000, '1') + ",2,3],\"token\":\"" + token + "\"}";
    BOOST_TEST(at(json, {"/token"}) == token);
    BOOST_TEST(at("{\"esc\":\"a\\u00fc\\n" + token + "\"}", {"/esc"}) == "a\xc3\xbc\n" + token);
}

BOOST_AUTO_TEST_SUITE_END()

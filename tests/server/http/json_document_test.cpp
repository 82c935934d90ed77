// Text -> value: what is not JSON, repeated members, and bounds on what a small body can make us build.

#include "server/http/json_document.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace connectd::tests {

namespace {

namespace http = server::http;

http::field_error error_of(std::string_view text, http::json_limits const& limits = {}) {
    auto const parsed = http::parse_json(text, limits);
    BOOST_REQUIRE_MESSAGE(parsed.has_error(), "accepted: " << text);
    BOOST_REQUIRE(parsed.error().errors.size() == 1U);
    return parsed.error().errors.front();
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_document_test)

BOOST_AUTO_TEST_CASE(builds_what_was_sent) {
    for (std::string const text : {R"({"a":[1,-2,2.5E0,true,false,null,"x\ny"],"b":{"c":{}},"":[]})", "[]",
                                   "0", "\"\"", "[[],[[]],{}]", R"({"same":{"same":{"same":1}}})"}) {
        auto const parsed = http::parse_json(text);
        BOOST_REQUIRE(parsed.has_value());
        BOOST_TEST(boost::json::serialize(*parsed) == text);
    }
    BOOST_TEST(http::parse_json(" \r\n\t{} \n").has_value());
}

BOOST_AUTO_TEST_CASE(names_the_position_of_what_is_not_json) {
    auto const error = error_of("{\n  \"a\": 1,\n  \"b\": oops\n}");
    BOOST_TEST(error.code == "invalid_json");
    BOOST_TEST(error.pointer == "");
    BOOST_TEST(error.message.find("line 3, column") != std::string::npos, error.message);
}

BOOST_AUTO_TEST_CASE(refuses_what_only_looks_like_json) {
    for (std::string_view const text : {"",           " ",
                                        "{",          "[1,]",
                                        "{\"a\":1,}", "{a:1}",
                                        "{'a':1}",    "// c\n{}",
                                        "/* c */ 1",  "01",
                                        "+1",         ".5",
                                        "1.",         "NaN",
                                        "Infinity",   "\"\t\"",
                                        "\"\\x\"",    "\"\\ud800\"",
                                        "nul",        "{} {}",
                                        "{}x",        "\xef\xbb\xbf{}",
                                        "\"\xff\"",   "\"\xc0\xaf\""}) {
        BOOST_TEST(error_of(text).code == "invalid_json", "for " << text);
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_member_that_comes_twice) {
    auto const top = error_of(R"({"a": 1, "b": 2, "a": 1})");
    BOOST_TEST(top.code == "duplicate");
    BOOST_TEST(top.pointer == "/a");
    BOOST_TEST(error_of(R"({"list": [0, {"x": []}, {"k": {"m/n": 1, "m/n": 2}}]})").pointer ==
               "/list/2/k/m~1n");
    // The same name in another spelling.
    BOOST_TEST(error_of(R"({"ab": 1, "a\u0062": 2})").pointer == "/ab");
}

BOOST_AUTO_TEST_CASE(bounds_the_depth) {
    BOOST_TEST(http::parse_json(nested(16)).has_value());
    auto const error = error_of(nested(17));
    BOOST_TEST(error.code == "too_large");
    BOOST_TEST(error.message.find("16") != std::string::npos);
    BOOST_TEST(error_of(std::string(500'000, '[')).code == "too_large");
}

BOOST_AUTO_TEST_CASE(bounds_the_number_of_elements) {
    BOOST_TEST(http::parse_json("[1,2,3]", {.elements = 4}).has_value());
    BOOST_TEST(error_of("[1,2,3,4]", {.elements = 4}).code == "too_large");
    BOOST_TEST(error_of("[[],[],{},{}]", {.elements = 4}).code == "too_large");
    BOOST_TEST(error_of(R"({"a":"x","b":null,"c":true,"d":1.5})", {.elements = 4}).code == "too_large");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

// Typed decoding of bodies: what is accepted, and that each mistake is reported with its place.

#include "server/http/json.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

namespace {

namespace http = server::http;

enum class colour { red, green };
BOOST_DESCRIBE_ENUM(colour, red, green)

struct part {
    std::string name;
    std::optional<std::int32_t> count;
};
BOOST_DESCRIBE_STRUCT(part, (), (name, count))

struct order {
    std::string id;
    bool urgent = false;
    std::uint8_t level = 0;
    std::int64_t amount = 0;
    double weight = 0;
    colour paint = colour::red;
    std::vector<part> parts;
    std::optional<std::vector<std::string>> tags;
    std::map<std::string, std::string> labels;
    boost::json::object metadata;
    std::optional<part> spare;
};
BOOST_DESCRIBE_STRUCT(order, (),
                      (id, urgent, level, amount, weight, paint, parts, tags, labels, metadata, spare))

struct counts {
    std::int8_t small;
    std::uint64_t large;
};
BOOST_DESCRIBE_STRUCT(counts, (), (small, large))

// "pointer code" of every problem, in order.
template <class T>
std::vector<std::string> problems(std::string_view text) {
    std::vector<std::string> found;
    auto const decoded = http::decode_json<T>(text);
    if (!decoded) {
        for (auto const& problem : decoded.error().errors) {
            BOOST_TEST(!problem.message.empty());
            found.push_back(problem.pointer + " " + problem.code);
        }
    }
    return found;
}

using list = std::vector<std::string>;

constexpr std::string_view good =
    R"({"id": "o\u00e4", "urgent": true, "level": 255, "amount": -9223372036854775808,
    "weight": 3, "paint": "green", "parts": [{"name": "a"}, {"name": "b", "count": -5}], "tags": null,
    "labels": {"x": "y"}, "metadata": {"deep": [1, {"er": null}]}, "spare": {"name": "s"}})";

} // namespace

BOOST_AUTO_TEST_SUITE(json_test)

BOOST_AUTO_TEST_CASE(decodes_every_kind_of_member) {
    auto const decoded = http::decode_json<order>(good);
    BOOST_REQUIRE(decoded.has_value());
    BOOST_TEST(decoded->id == "o\xc3\xa4");
    BOOST_TEST(decoded->urgent);
    BOOST_TEST(int{decoded->level} == 255);
    BOOST_TEST(decoded->amount == INT64_MIN);
    BOOST_TEST(decoded->weight == 3.0);
    BOOST_TEST((decoded->paint == colour::green));
    BOOST_REQUIRE(decoded->parts.size() == 2U);
    BOOST_TEST(!decoded->parts[0].count);
    BOOST_TEST(decoded->parts[1].count.value() == -5);
    BOOST_TEST(!decoded->tags);
    BOOST_TEST(decoded->labels.at("x") == "y");
    BOOST_TEST(decoded->metadata.at("deep").as_array().size() == 2U);
    BOOST_TEST(decoded->spare.value().name == "s");
}

BOOST_AUTO_TEST_CASE(reports_all_problems_together_with_their_places) {
    auto const found =
        problems<order>(R"({"urgent": 1, "level": 256, "amount": 1.0, "weight": "3", "paint": "blue",
        "parts": [{"name": "a"}, {"nam": "b", "count": 3000000000}, 7], "tags": "x", "labels": {"a/b": 1},
        "metadata": [], "extra~": 1, "spare": {}})");
    list const expected{"/id required",           "/urgent wrong_type",
                        "/level out_of_range",    "/amount wrong_type",
                        "/weight wrong_type",     "/paint not_allowed",
                        "/parts/1/name required", "/parts/1/count out_of_range",
                        "/parts/1/nam unknown",   "/parts/2 wrong_type",
                        "/tags wrong_type",       "/labels/a~1b wrong_type",
                        "/metadata wrong_type",   "/spare/name required",
                        "/extra~0 unknown"};
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(null_is_absent_only_for_what_is_optional) {
    BOOST_TEST(problems<part>(R"({"name": null, "count": null})") == list{"/name wrong_type"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(integers_keep_to_their_range) {
    BOOST_TEST(problems<counts>(R"({"small": -128, "large": 18446744073709551615})").empty());
    BOOST_TEST(problems<counts>(R"({"small": 127, "large": 0})").empty());
    list const beyond{"/small out_of_range", "/large out_of_range"};
    BOOST_TEST(problems<counts>(R"({"small": 128, "large": -1})") == beyond,
               boost::test_tools::per_element());
    BOOST_TEST(problems<counts>(R"({"small": 18446744073709551615, "large": -0})") ==
                   list{"/small out_of_range"},
               boost::test_tools::per_element());
    list const no_integers{"/small wrong_type", "/large wrong_type"};
    BOOST_TEST(problems<counts>(R"({"small": 1e2, "large": 18446744073709551616})") == no_integers,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_body_of_another_shape_is_one_problem) {
    for (auto const* const text : {"[]", "null", "\"x\"", "1", "true"}) {
        BOOST_TEST(problems<part>(text) == list{" wrong_type"}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(messages_do_not_repeat_values) {
    auto const decoded =
        http::decode_json<order>(R"({"id": ["hunter2"], "paint": "hunter2", "level": 987654})");
    BOOST_REQUIRE(decoded.has_error());
    for (auto const& problem : decoded.error().errors) {
        BOOST_TEST(problem.message.find("hunter2") == std::string::npos);
        BOOST_TEST(problem.message.find("987654") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_flood_of_mistakes_is_reported_in_part) {
    std::string text = "{\"name\": \"x\"";
    for (int index = 0; index < 500; ++index) {
        text += ", \"u" + std::to_string(index) + "\": 1";
    }
    BOOST_TEST(problems<part>(text + "}").size() == 50U);
}

BOOST_AUTO_TEST_CASE(taking_the_value_of_a_failed_decoding_throws) {
    auto decoded = http::decode_json<part>("{}");
    BOOST_CHECK_THROW(decoded.value(), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

#include "server/runtime/log_line.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

using namespace connectd::server::runtime;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

sys_ms const moment = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 9h + 5min + 7s + 42ms;

std::string escaped(std::string_view text, std::size_t limit = 1000) {
    std::string line;
    log::append_escaped(line, text, limit);
    return line;
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_line_test)

BOOST_AUTO_TEST_CASE(a_json_line_carries_time_level_message_and_fields) {
    std::int64_t const lowest = std::numeric_limits<std::int64_t>::min();
    std::uint64_t const highest = std::numeric_limits<std::uint64_t>::max();
    BOOST_TEST(log::json_line(moment, log::level::info, "listening",
                              {{"address", "127.0.0.1:80"},
                               {"tls", true},
                               {"lowest", lowest},
                               {"highest", highest},
                               {"share", 0.25},
                               {"after", 1500ms}}) ==
               R"({"time":"2026-03-01T09:05:07.042Z","level":"info","message":"listening",)"
               R"("address":"127.0.0.1:80","tls":true,"lowest":-9223372036854775808,)"
               R"("highest":18446744073709551615,"share":0.25,"after":1.5})");
}

BOOST_AUTO_TEST_CASE(a_text_line_quotes_only_what_needs_it) {
    BOOST_TEST(
        log::text_line(moment, log::level::warning, "slow reader",
                       {{"path", "/v1/accounts"}, {"note", "two words"}, {"empty", ""}, {"lines", 3}}) ==
        R"(2026-03-01T09:05:07.042Z warning slow reader path=/v1/accounts note="two words" empty="" lines=3)");
}

BOOST_AUTO_TEST_CASE(one_event_is_one_line_whatever_it_contains) {
    auto const nasty = "a\nb\r\x1b[31m\t\"q\"\\ \x7f \xc2\x85 \xe2\x80\xa8 nul:"s + '\0';
    for (auto const& line : {log::json_line(moment, log::level::error, nasty, {{"name", nasty}}),
                             log::text_line(moment, log::level::error, nasty, {{"name", nasty}})}) {
        for (char const c : line) {
            BOOST_TEST((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
        }
        BOOST_TEST(line.find("\xc2\x85") == std::string::npos);
        BOOST_TEST(line.find("\xe2\x80\xa8") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_json_line_gives_back_the_text_that_went_in) {
    auto const text = "quote \" backslash \\ line\nfeed bell\x07 \xc3\xa9 \xf0\x9f\x94\x91"s;
    auto const line = log::json_line(moment, log::level::info, text, {{"value", text}});
    auto const read = boost::json::parse(line).as_object();
    BOOST_TEST((read.at("message").as_string() == text));
    BOOST_TEST((read.at("value").as_string() == text));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_replaced) {
    BOOST_TEST(escaped("a\xff z") == "a\\ufffd z");
    BOOST_TEST(escaped("\xc3") == "\\ufffd");                       // ends too early
    BOOST_TEST(escaped("\xc0\xaf") == "\\ufffd\\ufffd");            // longer than needed
    BOOST_TEST(escaped("\xed\xa0\x80") == "\\ufffd\\ufffd\\ufffd"); // half of a surrogate pair
    BOOST_TEST(escaped("\xf4\x90\x80\x80").starts_with("\\ufffd")); // above the last code point
    BOOST_TEST(escaped("\xf5\x80\x80\x80").starts_with("\\ufffd")); // no lead byte
    BOOST_TEST(escaped("\xf4\x8f\xbf\xbf") == "\xf4\x8f\xbf\xbf");  // the last code point
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_at_a_character) {
    BOOST_TEST(escaped("abcdef", 6) == "abcdef");
    BOOST_TEST(escaped("abcdef", 3) == "abc...");
    BOOST_TEST(escaped("ab\xc3\xa9z", 3) == "ab...");
    BOOST_TEST(escaped("ab\xc3\xa9z", 4) == "ab\xc3\xa9...");
    std::string const huge(100'000, 'x');
    auto const line = log::json_line(moment, log::level::info, huge, {{"value", huge}});
    BOOST_TEST(line.size() < log::message_limit + log::value_limit + 200);
}

BOOST_AUTO_TEST_CASE(numbers_that_json_lacks_become_words) {
    auto const infinity = std::numeric_limits<double>::infinity();
    auto const line = log::json_line(moment, log::level::info, "m",
                                     {{"a", std::nan("")}, {"b", infinity}, {"c", -infinity}});
    auto const read = boost::json::parse(line).as_object();
    BOOST_TEST((read.at("a").as_string() == "nan"));
    BOOST_TEST((read.at("b").as_string() == "inf"));
    BOOST_TEST((read.at("c").as_string() == "-inf"));
}

BOOST_AUTO_TEST_SUITE_END()

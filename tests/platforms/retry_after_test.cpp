// Retry-After in its two forms, and the three forms of an HTTP date.
#include "platforms/retry_after.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::tests::reply;

std::int64_t wait(std::string retry, std::string date = "") {
    auto const answer = reply(429, "", {{"Retry-After", std::move(retry)}, {"Date", std::move(date)}});
    auto const found = retry_after(answer);
    return found ? found->count() : -1;
}

char const* const not_dates[] = {
    "",
    "soon",
    "Sun, 06 Nov 1994",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 31 Feb 1994 08:49:37 GMT",
    "Sun, 06 Foo 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT+1",
    "Sun, -6 Nov 1994 08:49:37 GMT",
    "1994-11-06T08:49:37Z",
};

} // namespace

BOOST_AUTO_TEST_SUITE(retry_after_test)

BOOST_AUTO_TEST_CASE(the_three_forms_of_rfc_9110_name_one_moment) {
    std::chrono::sys_seconds const moment{std::chrono::seconds{784111777}};
    for (auto const text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        auto const found = parse_http_date(text);
        BOOST_TEST_REQUIRE(found.has_value(), text);
        BOOST_TEST((*found == moment), text);
    }
    BOOST_TEST((parse_http_date("Wed Nov 16 08:49:37 1994") == moment + std::chrono::days{10}));
}

BOOST_DATA_TEST_CASE(anything_else_is_no_date, not_dates, text) {
    BOOST_TEST(!parse_http_date(text).has_value());
}

BOOST_AUTO_TEST_CASE(seconds_are_taken_and_bounded_to_a_day) {
    BOOST_TEST(wait("0") == 0);
    BOOST_TEST(wait("120") == 120);
    BOOST_TEST(wait("86401") == 86400);
    BOOST_TEST(wait("99999999999999999999999") == 86400);
}

BOOST_AUTO_TEST_CASE(a_date_counts_from_the_answers_own_date) {
    std::string const now = "Sun, 06 Nov 1994 08:49:37 GMT";
    BOOST_TEST(wait("Sun, 06 Nov 1994 08:51:37 GMT", now) == 120);
    BOOST_TEST(wait("Sun, 06 Nov 1994 08:00:00 GMT", now) == 0);
    BOOST_TEST(wait("Sun, 06 Nov 2094 08:00:00 GMT", now) == 86400);
    BOOST_TEST(wait("Sun, 06 Nov 1994 08:51:37 GMT") == -1);
}

BOOST_AUTO_TEST_CASE(nonsense_and_absence_are_no_advice) {
    BOOST_TEST(wait("") == -1);
    BOOST_TEST(wait("-5") == -1);
    BOOST_TEST(wait("1.5") == -1);
    BOOST_TEST(wait("1767225600 ") == -1);
    BOOST_TEST(!retry_after(reply(503, "")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

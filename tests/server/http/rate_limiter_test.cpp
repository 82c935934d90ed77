#include "server/http/rate_limiter.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::server::http {
namespace {

using namespace std::chrono_literals;

std::chrono::steady_clock::time_point const start{std::chrono::hours{1000}};

} // namespace

BOOST_AUTO_TEST_SUITE(rate_limiter_test)

BOOST_AUTO_TEST_CASE(a_burst_and_then_one_at_a_time) {
    rate_limiter limiter{{.quota = 4, .window = 60s}};
    for (std::size_t left = 4; left-- > 0;) {
        auto const got = limiter.take("a", start);
        BOOST_TEST(got.allowed);
        BOOST_TEST(got.remaining == left);
    }
    auto const refused = limiter.take("a", start);
    BOOST_TEST(!refused.allowed);
    BOOST_TEST((refused.until_next == 15s));
    BOOST_TEST((refused.until_full == 60s));
    BOOST_TEST(limiter.take("b", start).allowed);
    BOOST_TEST(!limiter.take("a", start + 14s).allowed);
    BOOST_TEST(limiter.take("a", start + 15s).allowed);
    BOOST_TEST(!limiter.take("a", start + 15s).allowed);
    BOOST_TEST(limiter.take("a", start + 10min).remaining == 3U);
}

BOOST_AUTO_TEST_CASE(no_limit_is_off) {
    BOOST_TEST(!rate_limiter{{}}.on());
    BOOST_TEST((rate_limiter{{.quota = 1, .window = 1s}}.on()));
}

BOOST_AUTO_TEST_CASE(whoever_waits_longest_is_not_forgotten_for_a_newcomer) {
    rate_limiter limiter{{.quota = 1, .window = 60s}};
    BOOST_TEST(limiter.take("busy", start + 30s).allowed);
    for (std::size_t other = 0; other < rate_limiter::most_callers + 10; ++other) {
        limiter.take(std::to_string(other), start);
    }
    BOOST_TEST(!limiter.take("busy", start + 31s).allowed);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::http

#include "server/services/webhooks/retry_schedule.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::server::services::webhooks {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(retry_schedule_test)

BOOST_AUTO_TEST_CASE(pauses_grow_and_are_spread_by_a_fifth) {
    BOOST_TEST((next_pause(1, 0ms, {}, 0.5) == 5s));
    BOOST_TEST((next_pause(1, 0ms, {}, 0.0) == 4s));
    BOOST_TEST((next_pause(1, 0ms, {}, 1.0) == 6s));
    BOOST_TEST((next_pause(2, 5s, {}, 0.5) == 30s));
    BOOST_TEST((next_pause(9, 20h, {}, 0.5) == 8h));
    BOOST_TEST((next_pause(4'000'000'000U, 20h, {}, 0.5) == 8h));
}

BOOST_AUTO_TEST_CASE(the_last_attempt_comes_after_three_days_and_none_after_it) {
    for (double const chance : {0.0, 0.5, 1.0}) {
        std::chrono::milliseconds passed{};
        std::uint32_t failures = 1;
        while (auto const pause = next_pause(failures, passed, {}, chance)) {
            passed += *pause;
            ++failures;
        }
        BOOST_TEST((passed == 72h));
        BOOST_TEST(failures > 12U);
        BOOST_TEST(failures < 25U);
    }
}

BOOST_AUTO_TEST_CASE(what_the_endpoint_asks_for_is_waited_for_within_the_patience) {
    BOOST_TEST((next_pause(1, 0ms, 90s, 0.5) == 90s));
    BOOST_TEST((next_pause(5, 1h, 1s, 0.5) == 30min)); // no sooner than without
    BOOST_TEST((next_pause(3, 71h, std::chrono::hours{24}, 0.5) == 1h));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::webhooks

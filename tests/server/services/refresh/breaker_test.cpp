#include "server/services/refresh/breaker.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::server::services::refresh {
namespace {

using namespace std::chrono_literals;

struct breaker_fixture {
    breaker line{{.failures = 3, .first_pause = 30s, .longest_pause = 2min, .at_once = 4}};
    runtime::sys_ms now{1'800'000'000'000ms};

    void fail(int times) {
        for (int count = 0; count < times; ++count) {
            line.failed(now);
        }
    }
    std::size_t allowed() const { return line.allowed(now); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(breaker_test, breaker_fixture)

BOOST_AUTO_TEST_CASE(it_opens_after_failures_in_a_row_only) {
    BOOST_TEST(allowed() == 4U);
    fail(2);
    line.answered();
    fail(2);
    BOOST_TEST(allowed() == 4U);
    BOOST_TEST(line.closed());
    fail(1);
    BOOST_TEST(allowed() == 0U);
    BOOST_TEST(!line.closed());
}

BOOST_AUTO_TEST_CASE(after_its_pause_one_call_goes_and_decides) {
    fail(3);
    now += 30s - 1ms;
    BOOST_TEST(allowed() == 0U);
    now += 1ms;
    BOOST_TEST(allowed() == 1U);
    fail(1);
    BOOST_TEST(allowed() == 0U);
    now += 1min;
    BOOST_TEST(allowed() == 1U);
    line.answered();
    BOOST_TEST(line.closed());
    BOOST_TEST(allowed() == 1U);
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest_and_begin_anew_after_a_recovery) {
    fail(3);
    for (auto const pause : {30s, 60s, 120s, 120s, 120s}) {
        now += pause - 1ms;
        BOOST_TEST(allowed() == 0U);
        now += 1ms;
        BOOST_TEST(allowed() == 1U);
        fail(1);
    }
    now += 2min;
    line.answered();
    fail(3);
    now += 30s;
    BOOST_TEST(allowed() == 1U);
}

BOOST_AUTO_TEST_CASE(calls_that_end_while_it_is_open_do_not_make_it_longer) {
    fail(3);
    now += 29s;
    fail(5);
    now += 1s;
    BOOST_TEST(allowed() == 1U);
}

BOOST_AUTO_TEST_CASE(a_call_that_gets_through_while_it_is_open_closes_it) {
    fail(3);
    line.answered();
    BOOST_TEST(line.closed());
    BOOST_TEST(allowed() == 1U);
}

BOOST_AUTO_TEST_CASE(full_speed_comes_back_a_step_a_round) {
    fail(3);
    line.answered();
    for (std::size_t round = 1; round < 4; ++round) {
        for (std::size_t good = 0; good < round; ++good) {
            BOOST_TEST(allowed() == round);
            line.answered();
        }
    }
    BOOST_TEST(allowed() == 4U);
    line.answered();
    BOOST_TEST(allowed() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh

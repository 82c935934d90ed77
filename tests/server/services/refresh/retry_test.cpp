#include "server/services/refresh/retry.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::server::services::refresh {
namespace {

using namespace std::chrono_literals;
using platforms::verdict;

std::chrono::milliseconds temporary(std::uint32_t in_a_row) {
    return pause_after({.what = verdict::temporary, .in_a_row = in_a_row}, 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(retry_test)

BOOST_AUTO_TEST_CASE(an_outage_is_tried_from_half_a_minute_up_to_an_hour) {
    BOOST_TEST((temporary(1) == 30s));
    BOOST_TEST((temporary(2) == 1min));
    BOOST_TEST((temporary(7) == 32min));
    BOOST_TEST((temporary(8) == 1h));
    BOOST_TEST((temporary(4'000'000'000U) == 1h));
}

BOOST_AUTO_TEST_CASE(what_only_a_person_can_mend_is_tried_rarely) {
    auto const fault = [](std::uint32_t in_a_row) {
        return pause_after({.what = verdict::operator_fault, .in_a_row = in_a_row}, 0);
    };
    BOOST_TEST((fault(1) == 15min));
    BOOST_TEST((fault(3) == 1h));
    BOOST_TEST((fault(100) == 6h));
}

BOOST_AUTO_TEST_CASE(the_platform_is_not_asked_before_it_wants_to_be) {
    BOOST_TEST((pause_after({.retry_after = 15min}, 0) == 15min));
    BOOST_TEST((pause_after({.in_a_row = 8, .retry_after = 15min}, 0) == 1h));
    BOOST_TEST((pause_after({.retry_after = 10min}, 1) == 15min));
}

BOOST_AUTO_TEST_CASE(chance_makes_it_up_to_half_longer_and_never_shorter) {
    BOOST_TEST((pause_after({}, 0) == 30s));
    BOOST_TEST((pause_after({}, 0.5) == 37'500ms));
    BOOST_TEST((pause_after({}, 1) == 45s));
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_asked_for_again_within_seconds) {
    failed_attempt last{.what = verdict::unknown_outcome, .in_a_row = 1, .first_unknown = true};
    BOOST_TEST((pause_after(last, 0) == 5s));
    last.in_a_row = 9; // after a row of other failures
    BOOST_TEST((pause_after(last, 1) == 7'500ms));
    last.retry_after = 2min;
    BOOST_TEST((pause_after(last, 0) == 2min));
}

BOOST_AUTO_TEST_CASE(further_lost_answers_come_back_several_times_while_a_spent_token_is_forgiven) {
    failed_attempt last{.what = verdict::unknown_outcome, .in_a_row = 6};
    BOOST_TEST((pause_after(last, 0) == 16min));
    last.grace_left = 40min;
    BOOST_TEST((pause_after(last, 0) == 8min));
    last.grace_left = 2h;
    BOOST_TEST((pause_after(last, 0) == 16min));
    last.grace_left = 6s;
    BOOST_TEST((pause_after(last, 0) == 5s));
    last.grace_left = 5s; // too late for it
    BOOST_TEST((pause_after(last, 0) == 16min));

    // Two hours of them, each lost again and as unlucky as can be.
    std::chrono::milliseconds passed{0};
    std::uint32_t tries = 0;
    for (failed_attempt each{.what = verdict::unknown_outcome, .in_a_row = 1, .first_unknown = true};
         passed < 2h; ++each.in_a_row, each.first_unknown = false, ++tries) {
        each.grace_left = 2h - passed;
        passed += pause_after(each, 1);
    }
    BOOST_TEST(tries > 8U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh

#include "server/runtime/clock.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace connectd::server::runtime;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(clock_test)

BOOST_AUTO_TEST_CASE(the_system_clock_tells_the_time_of_day) {
    system_clock const clock;
    auto const before = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    auto const told = clock.now();
    auto const after = std::chrono::system_clock::now();
    BOOST_TEST((before <= told && told <= after));
}

BOOST_AUTO_TEST_CASE(a_manual_clock_moves_only_when_told) {
    sys_ms const start{1'000ms};
    manual_clock clock{start};
    BOOST_TEST((clock.now() == start));
    clock.advance(1'500ms);
    BOOST_TEST((clock.now() == sys_ms{2'500ms}));
    clock.set(sys_ms{10ms});
    BOOST_TEST((clock.now() == sys_ms{10ms}));
}

BOOST_AUTO_TEST_CASE(a_deadline_lies_ahead_and_never_overflows) {
    auto const now = steady_now();
    BOOST_TEST((deadline_in(1h) >= now + 1h));
    auto const longest = std::chrono::steady_clock::duration::max();
    BOOST_TEST((deadline_in(longest) == std::chrono::steady_clock::time_point::max()));
}

BOOST_AUTO_TEST_SUITE_END()

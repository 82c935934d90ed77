// What the agenda reads, keeps and hands out, by hand; agenda_random_test.cpp does the rest.
#include "tests/server/services/refresh/agenda_support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace connectd::server::services::refresh::testing {

BOOST_FIXTURE_TEST_SUITE(agenda_test, agenda_fixture)

BOOST_AUTO_TEST_CASE(what_is_due_is_handed_out_once_the_earliest_first) {
    auto const second = stored(2min);
    auto const first = stored(1min);
    read_all();
    BOOST_TEST(take_all().empty());
    now = start + 1min;
    auto const taken = take_all();
    BOOST_REQUIRE(taken.size() == 1U);
    BOOST_TEST((taken[0] == first));
    now = start + 5min;
    BOOST_TEST((take_all() == std::vector{second}));
    BOOST_TEST(take_all().empty());
}

BOOST_AUTO_TEST_CASE(only_what_is_near_is_read_and_the_rest_as_time_goes_on) {
    stored(5min);
    stored(11min);
    stored(14h);
    read_all();
    BOOST_TEST(plan.count().waiting == 1U);
    BOOST_TEST((plan.read_until() == start + 10min));
    now = start + 1min;
    BOOST_TEST(!plan.next_reading(now));
    now = start + 3min;
    read_all();
    BOOST_TEST(plan.count().waiting == 2U);
    now = start + 15h;
    read_all();
    BOOST_TEST(take_all().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_reading_that_failed_is_asked_for_again) {
    stored(1min);
    BOOST_TEST(plan.next_reading(now).has_value());
    BOOST_TEST(plan.next_reading(now + 1s).has_value());
    read_all();
    BOOST_TEST(plan.count().waiting == 1U);
}

BOOST_AUTO_TEST_CASE(a_new_row_within_the_horizon_is_taken_in_when_told) {
    read_all();
    plan.changed(stored(5min));
    plan.changed(stored(20min));
    BOOST_TEST(plan.count().waiting == 1U);
    now = start + 15min;
    read_all();
    BOOST_TEST(plan.count().waiting == 2U);
}

BOOST_AUTO_TEST_CASE(a_row_that_moves_is_due_at_its_new_time_only) {
    auto one = stored(5min);
    read_all();
    one.due = start + 2min;
    plan.changed(one);
    now = start + 2min;
    BOOST_TEST((take_all() == std::vector{one}));
    // While it is under way the news waits.
    auto moved = one;
    moved.due = start + 4min;
    store.put(moved);
    plan.changed(moved);
    auto stale = one;
    stale.due = start + 2h;
    plan.finished(one.account, agenda::ending::answered, stale, now);
    now = start + 4min;
    BOOST_TEST((take_all() == std::vector{moved}));
}

BOOST_AUTO_TEST_CASE(a_lane_has_its_cap_and_all_lanes_together_have_one) {
    for (int count = 0; count < 5; ++count) {
        stored(1min, "x");
        stored(1min, "linkedin");
    }
    now = start + 1min;
    read_all();
    auto const taken = take_all();
    BOOST_TEST(taken.size() == 6U);
    BOOST_TEST(std::ranges::count(taken, "x", &refresh_due::lane) <= 4);
    BOOST_TEST(std::ranges::count(taken, "linkedin", &refresh_due::lane) <= 4);
    finish(taken[0]);
    BOOST_TEST(take_all().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_platform_that_is_down_is_left_alone_and_holds_up_nobody) {
    for (int count = 0; count < 30; ++count) {
        stored(1min + count * 1ms, "x");
    }
    for (int count = 0; count < 30; ++count) {
        stored(2min + count * 1ms, "linkedin");
    }
    now = start + 3min;
    read_all();
    std::size_t refused = 0;
    std::size_t done = 0;
    for (auto taken = take_all(); !taken.empty(); taken = take_all()) {
        for (auto const& one : taken) {
            if (one.lane == "x") {
                finish(one, agenda::ending::failed, 2min);
                ++refused;
            } else {
                finish(one);
                ++done;
            }
        }
        read_all();
        BOOST_TEST(plan.count().waiting + plan.count().ready + plan.count().taken <= 16U);
    }
    BOOST_TEST(done == 30U);
    BOOST_TEST(refused <= 6U); // three to open it, and those under way then
    BOOST_TEST(plan.open_breakers().at("x") == 1U);

    // After the pause one goes; it works, and all of them follow, a few at a time at first.
    now += 30s;
    auto const probe = take_all();
    BOOST_REQUIRE(probe.size() == 1U);
    finish(probe[0]);
    BOOST_TEST(plan.open_breakers().empty());
    BOOST_TEST(take_all().size() == 1U);
}

BOOST_AUTO_TEST_CASE(servers_of_one_platform_are_lanes_of_their_own) {
    for (int count = 0; count < 4; ++count) {
        stored(1min, "bluesky https://down.example");
    }
    stored(1min, "bluesky https://up.example");
    now = start + 1min;
    read_all();
    for (auto const& one : take_all()) {
        bool const down = one.lane.ends_with("down.example");
        finish(one, down ? agenda::ending::failed : agenda::ending::answered, down ? 1s : 2h);
    }
    now += 2s;
    BOOST_TEST(take_all().empty());
    BOOST_TEST(plan.open_breakers().at("bluesky") == 1U);
    plan.changed(stored(1min, "bluesky https://up.example"));
    BOOST_TEST(take_all().size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_heard_of_a_platform_counts) {
    auto const one = stored(1min);
    stored(2min);
    read_all();
    for (int count = 0; count < 3; ++count) {
        plan.heard(one, agenda::ending::failed, now);
    }
    now = start + 10s;
    plan.changed([&] {
        auto moved = one;
        moved.due = now;
        return moved;
    }());
    BOOST_TEST(take_all().empty());
    plan.heard(one, agenda::ending::answered, now);
    BOOST_TEST(take_all().size() == 1U);
}

BOOST_AUTO_TEST_CASE(notices_wait_for_no_platform) {
    stored(1min, "x");
    stored(1min, {}, due_kind::notice);
    now = start + 1min;
    read_all();
    auto const one = plan.take(now);
    for (int count = 0; count < 3; ++count) {
        plan.heard(row(0ms, "x"), agenda::ending::failed, now);
    }
    BOOST_TEST(one.has_value());
    BOOST_TEST((take_all().size() == 1U || one->kind == due_kind::notice));
}

BOOST_AUTO_TEST_CASE(what_must_wait_waits_although_it_is_due) {
    auto const one = stored(1min);
    now = start + 1min;
    read_all();
    BOOST_TEST(take_all().size() == 1U);
    plan.finished(one.account, agenda::ending::neither, one, now, now + 1min);
    BOOST_TEST(take_all().empty());
    now += 1min;
    BOOST_TEST((take_all() == std::vector{one}));
}

BOOST_AUTO_TEST_CASE(time_that_goes_back_makes_it_begin_anew) {
    now = start + 24h;
    stored(24h + 1min);
    auto const early = stored(1h + 5min);
    read_all();
    auto const taken = take_all();
    BOOST_REQUIRE(taken.size() == 1U);
    now = start + 1h;
    plan.restart(now);
    read_all();
    BOOST_TEST(take_all().empty()); // it is under way still
    finish(early);
    auto const other = stored(1h + 1min);
    plan.changed(other);
    now = start + 1h + 1min;
    BOOST_TEST((take_all() == std::vector{other}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing

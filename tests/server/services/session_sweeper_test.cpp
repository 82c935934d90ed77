#include "server/services/session_sweeper.hpp"
#include "storage/tables/events.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct sweeper_fixture : world {
    workspace_view owner = workspace();
    credentials_view app = x_app(owner.id);
    session_sweeper sweeper{store, clock, claims};

    session_view make() { return ok(sessions.create(owner.id, session_wish{})); }
    std::optional<storage::stored<storage::session>> row(session_view const& of) {
        return read(storage::sessions::get(store, owner.id, of.id));
    }
    std::vector<storage::event> events() {
        return read(storage::events::list_after(store, owner.id, {}, 1000)).items;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(session_sweeper_test, sweeper_fixture)

BOOST_AUTO_TEST_CASE(a_session_in_its_time_is_left_alone) {
    auto const made = make();
    clock.advance(15min - 1ms);
    auto const swept = ok(sweeper.run());
    BOOST_TEST(swept.expired == 0U);
    BOOST_TEST((row(made)->record.status == storage::session_status::pending));
    BOOST_TEST(events().empty());
}

BOOST_AUTO_TEST_CASE(a_session_past_its_time_ends_with_an_event_and_without_its_secrets) {
    auto const made = make();
    clock.advance(15min);
    BOOST_TEST(ok(sweeper.run()).expired == 1U);
    auto const ended = row(made)->record;
    BOOST_TEST((ended.status == storage::session_status::expired));
    BOOST_TEST(ended.error_code == "session_expired");
    BOOST_TEST((ended.finished_at == clock.now()));
    BOOST_TEST(ended.secrets.empty());
    BOOST_REQUIRE_EQUAL(events().size(), 1U);
    BOOST_TEST(events()[0].type == "connect.failed");
    BOOST_TEST(events()[0].data.find(made.id.to_string()) != std::string::npos);
    BOOST_TEST(ok(sweeper.run()).expired == 0U);
    BOOST_TEST(events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_ended_session_is_readable_for_a_day_and_then_gone) {
    auto const made = make();
    clock.advance(15min);
    ok(sweeper.run());
    clock.advance(24h - 1ms);
    BOOST_TEST(ok(sweeper.run()).removed == 0U);
    BOOST_TEST(ok(sessions.get(owner.id, made.id.to_string())).status == "expired");
    clock.advance(1ms);
    BOOST_TEST(ok(sweeper.run()).removed == 1U);
    BOOST_TEST(refusal(sessions.get(owner.id, made.id.to_string())) == errc::session_not_found);
    auto const page = read(store.scan(storage::family::sessions, {{}, {}, 10, false}));
    BOOST_TEST(page.rows.empty()); // no index row is left behind
    BOOST_TEST(events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_session_whose_callback_is_under_way_is_left_to_it) {
    auto const made = make();
    clock.advance(15min);
    {
        auto const held = claims.take(made.id);
        BOOST_REQUIRE(held.has_value());
        BOOST_TEST(ok(sweeper.run()).expired == 0U);
        BOOST_TEST((row(made)->record.status == storage::session_status::pending));
    }
    BOOST_TEST(ok(sweeper.run()).expired == 1U);
}

BOOST_AUTO_TEST_CASE(more_sessions_than_a_page_are_all_swept) {
    for (int number = 0; number < 450; ++number) {
        make();
    }
    clock.advance(15min);
    BOOST_TEST(ok(sweeper.run()).expired == 450U);
    BOOST_TEST(events().size() == 450U);
    clock.advance(24h);
    BOOST_TEST(ok(sweeper.run()).removed == 450U);
    BOOST_TEST(read(store.scan(storage::family::sessions, {{}, {}, 10, false})).rows.empty());
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_no_writes_stops_the_sweep) {
    auto const made = make();
    clock.advance(15min);
    store.fail_writes("disk full");
    BOOST_TEST(is_store_unavailable(failed(sweeper.run()).code));
    BOOST_TEST((row(made)->record.status == storage::session_status::pending));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

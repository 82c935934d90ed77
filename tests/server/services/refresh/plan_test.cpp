#include "server/services/refresh/plan.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::server::services::refresh {
namespace {

using namespace std::chrono_literals;
using platforms::refresh_model;
using std::chrono::days;
using moment = std::optional<runtime::sys_ms>;

constexpr runtime::sys_ms now{1'800'000'000'000ms};

struct plan_fixture {
    platforms::descriptor platform;
    storage::account row;

    void made(refresh_model model, std::optional<std::chrono::seconds> lifetime, bool with_refresh,
              std::optional<std::chrono::seconds> refresh_lifetime = {}, double share = 0) {
        platform.refresh.model = model;
        platforms::token_set tokens;
        tokens.access_token = crypto::secret::copy_of("a");
        if (with_refresh) {
            tokens.refresh_token = crypto::secret::copy_of("r");
        }
        tokens.expires_in = lifetime;
        tokens.refresh_expires_in = refresh_lifetime;
        plan(row, platform, tokens, now, share);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(plan_test, plan_fixture)

BOOST_AUTO_TEST_CASE(a_token_that_renews_itself_is_refreshed_and_never_announced) {
    made(refresh_model::rotating, 2h, true, days{180});
    BOOST_TEST((row.access_expires_at == now + 2h));
    BOOST_TEST((row.refresh_expires_at == now + days{180}));
    BOOST_TEST((row.next_refresh_at == now + 110min));
    BOOST_TEST((row.next_notice_at == moment{}));
    made(refresh_model::extend, days{60}, false);
    BOOST_TEST((row.next_refresh_at == now + days{60} - 10min));
    BOOST_TEST((row.next_notice_at == moment{}));
}

BOOST_AUTO_TEST_CASE(a_token_without_a_refresh_is_announced_a_week_and_a_day_ahead) {
    made(refresh_model::static_token, days{60}, false);
    BOOST_TEST((row.next_refresh_at == moment{}));
    auto const end = now + days{60};
    BOOST_TEST((row.next_notice_at == end - days{7}));
    BOOST_TEST((next_notice(row, refresh_model::static_token, end - days{7}) == end - days{1}));
    BOOST_TEST((next_notice(row, refresh_model::static_token, end - days{3}) == end - days{1}));
    BOOST_TEST((next_notice(row, refresh_model::static_token, end - days{1}) == end));
    BOOST_TEST((next_notice(row, refresh_model::static_token, end + 1h) == end));
}

BOOST_AUTO_TEST_CASE(a_short_life_has_its_end_only) {
    made(refresh_model::rotating, 2h, false);
    BOOST_TEST((row.next_notice_at == now + 2h));
    made(refresh_model::relogin, days{3}, true);
    BOOST_TEST((row.next_notice_at == now + days{2}));
}

BOOST_AUTO_TEST_CASE(a_token_without_an_end_has_nothing_to_be_done) {
    made(refresh_model::none, {}, false);
    BOOST_TEST((row.next_refresh_at == moment{}));
    BOOST_TEST((row.next_notice_at == moment{}));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_stays_is_announced_before_its_own_end) {
    made(refresh_model::static_token, days{60}, true, days{365});
    BOOST_TEST((row.next_refresh_at == now + days{60} - 10min));
    auto const end = now + days{365};
    BOOST_TEST((row.next_notice_at == end - days{7}));
    // The end itself shows when the platform refuses: access may go on for a while, or be prolonged.
    BOOST_TEST((next_notice(row, refresh_model::static_token, end - 1h) == moment{}));
}

BOOST_AUTO_TEST_CASE(however_short_the_life_there_is_a_pause) {
    made(refresh_model::rotating, 1s, true);
    BOOST_TEST((row.next_refresh_at == now + shortest_pause));
    made(refresh_model::rotating, 10min, true, 1s);
    BOOST_TEST((row.next_refresh_at == now + shortest_pause));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_refreshed_any_more_is_announced) {
    made(refresh_model::rotating, days{30}, true);
    plan_without_refresh(row, now);
    BOOST_TEST((row.next_refresh_at == moment{}));
    BOOST_TEST((row.next_notice_at == now + days{23}));
    plan_without_refresh(row, now + days{31});
    BOOST_TEST((row.next_notice_at == now + days{30})); // it is over: to be said at once
}

BOOST_AUTO_TEST_CASE(chance_is_a_share) {
    bool differs = false;
    for (int count = 0; count < 100; ++count) {
        auto const one = chance();
        BOOST_TEST(one >= 0);
        BOOST_TEST(one <= 1);
        differs = differs || one != chance();
    }
    BOOST_TEST(differs);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh

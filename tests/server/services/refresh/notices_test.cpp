// What customers hear about tokens that no refresh renews.
#include "server/services/reconnect_link.hpp"
#include "server/services/refresh/notices.hpp"
#include "tests/server/services/refresh/support.hpp"

namespace connectd::server::services::refresh::testing {
namespace {

struct notices_fixture : plain_world {
    notices tells{store, catalog, clock, chosen};

    std::optional<storage::refresh_due> handle() {
        return ok(tells.handle({.due = clock.now(), .workspace = owner.id, .account = id}));
    }
    void wait_for_notice() { clock.set(account().next_notice_at.value()); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(notices_test, notices_fixture)

BOOST_AUTO_TEST_CASE(an_end_that_nothing_moves_is_announced_twice_and_then_said) {
    connect("relogin");
    auto const end = account().access_expires_at.value();
    BOOST_TEST((end == clock.now() + days{60}));
    BOOST_REQUIRE(dues().size() == 1U);
    BOOST_TEST((dues()[0].kind == storage::due_kind::notice));
    BOOST_TEST((dues()[0].due == end - days{7}));

    wait_for_notice();
    auto next = handle();
    BOOST_TEST(told() == "token.expiring");
    BOOST_TEST(last_event("expires_at") == "2027-03-16T08:00:00.000Z");
    BOOST_TEST(last_event("status") == "active");
    BOOST_TEST(last_event("reconnect_url") == reconnect_url(chosen, account()));
    BOOST_TEST((next.value().due == end - days{1}));
    BOOST_TEST((dues() == std::vector{next.value()}));

    wait_for_notice();
    next = handle();
    BOOST_TEST(told() == "token.expiring token.expiring");
    BOOST_TEST((next.value().due == end));

    wait_for_notice();
    BOOST_TEST(!handle().has_value());
    BOOST_TEST(told() == "token.expiring token.expiring token.revoked");
    BOOST_TEST(last_event("cause") == "expired");
    BOOST_TEST((account().status == storage::account_status::token_expired));
    BOOST_TEST(account().status_cause == "expired");
    BOOST_TEST(dues().empty());
}

BOOST_AUTO_TEST_CASE(after_a_long_absence_only_what_is_true_is_said) {
    connect("relogin");
    auto const end = account().access_expires_at.value();
    clock.set(end - days{3}); // the first warning is late, the second to come
    handle();
    BOOST_TEST(told() == "token.expiring");
    BOOST_TEST((account().next_notice_at == end - days{1}));
    clock.set(end + days{3});
    handle();
    BOOST_TEST(told() == "token.expiring token.revoked");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_stays_is_announced_and_its_account_goes_on) {
    auto made = connection("hourly");
    made.accounts[0].tokens.expires_in = days{29} + 12h;
    made.accounts[0].tokens.refresh_expires_in = days{30};
    connect(std::move(made));
    wait_for_notice();
    handle();
    wait_for_notice();
    auto const next = handle();
    BOOST_TEST(told() == "token.expiring token.expiring");
    BOOST_TEST((account().status == storage::account_status::active));
    BOOST_TEST((next.value().kind == storage::due_kind::refresh));
}

BOOST_AUTO_TEST_CASE(a_reconnect_begins_the_count_anew) {
    connect("relogin");
    wait_for_notice();
    auto const old_end = account().access_expires_at.value();
    connect("relogin");
    auto const next = handle();
    BOOST_TEST(told() == "account.reconnected");
    BOOST_TEST((next.value().due > old_end));
}

BOOST_AUTO_TEST_CASE(an_account_that_is_gone_has_nothing_to_be_told) {
    connect("relogin");
    wait_for_notice();
    id = crypto::account_id::make(clock.now());
    BOOST_TEST(!handle().has_value());
    BOOST_TEST(told().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing

// Refreshing by hand, and what the check of an account says and leaves behind.
#include "server/services/account_tokens.hpp"
#include "tests/server/services/refresh/support.hpp"

namespace connectd::server::services::refresh::testing {
namespace {

struct tokens_fixture : plain_world {
    account_tokens service{store, keys, catalog, client, clock, chosen, refreshes, resolver};

    tokens_fixture() {
        refreshes.open(
            {refreshes_one, tasks, io.get_executor(), [](storage::refresh_due) {}, [](report const&) {}});
    }
    outcome<account_view> refresh_now() { return go(service.refresh_now(owner.id, id.to_string())); }
    errc refusal_now() { return refusal(service.refresh_now(owner.id, id.to_string())); }
    health_view check() { return ok(service.check(owner.id, id.to_string())); }
    void answer_identity() { client.answer(200, R"({"data":{"id":"7","username":"seven","name":"Seven"}})"); }
    void refuse_identity() { client.answer(401, R"({"title":"Unauthorized","status":401})"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(account_tokens_test, tokens_fixture)

BOOST_AUTO_TEST_CASE(a_refresh_answers_the_account_as_it_is_then) {
    connect();
    clock.advance(1h);
    answer_tokens("2");
    auto const shown = refresh_now();
    BOOST_REQUIRE(shown.has_value());
    BOOST_TEST((shown->access_expires_at == clock.now() + 2h));
    BOOST_TEST(shown->status == "active");
    BOOST_TEST(access() == "access-2");
}

BOOST_AUTO_TEST_CASE(each_way_to_fail_has_its_code) {
    connect();
    client.answer(503, "");
    BOOST_TEST(refusal_now() == errc::platform_unavailable);
    client.fail(platforms::errc::timed_out);
    BOOST_TEST(refusal_now() == errc::platform_timeout);
    client.answer(401, R"({"error":"invalid_client"})");
    BOOST_TEST(refusal_now() == errc::app_refused);
    refuse();
    BOOST_TEST(refusal_now() == errc::reconnect_needed);
    BOOST_TEST(refusal_now() == errc::reconnect_needed); // without asking again
    connect(connection("relogin"));
    BOOST_TEST(refusal_now() == errc::not_refreshable);
    id = crypto::account_id::make(clock.now());
    BOOST_TEST(refusal_now() == errc::account_not_found);
    BOOST_TEST(refusal(service.refresh_now(owner.id, "nonsense")) == errc::account_not_found);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(another_tenant_refreshes_and_checks_nothing) {
    connect();
    auto const other = workspace("other");
    BOOST_TEST(refusal(service.refresh_now(other.id, id.to_string())) == errc::account_not_found);
    BOOST_TEST(refusal(service.check(other.id, id.to_string())) == errc::account_not_found);
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_CASE(a_living_token_is_reported_and_nothing_changes) {
    connect();
    auto const before = everything_in(store);
    answer_identity();
    clock.advance(1min);
    auto const found = check();
    BOOST_TEST(found.verdict == "ok");
    BOOST_TEST(found.status == "active");
    BOOST_TEST((found.checked_at == clock.now()));
    BOOST_TEST(found.detail == "X says that this is seven.");
    BOOST_TEST(everything_in(store) == before);
}

BOOST_AUTO_TEST_CASE(a_token_that_has_ended_is_refreshed_once_and_asked_with_again) {
    connect();
    refuse_identity();
    answer_tokens("2");
    answer_identity();
    BOOST_TEST(check().verdict == "ok");
    BOOST_TEST(token().generation == 2U);
    BOOST_REQUIRE(client.sent.size() == 3U);

    // A fresh token that is refused as well says nothing about the grant.
    refuse_identity();
    answer_tokens("3");
    refuse_identity();
    auto const found = check();
    BOOST_TEST(found.verdict == "refused");
    BOOST_TEST(found.status == "active");
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_dead_grant_is_found_out_and_recorded) {
    connect();
    refuse_identity();
    refuse();
    auto const found = check();
    BOOST_TEST(found.verdict == "refused");
    BOOST_TEST(found.status == "token_expired");
    BOOST_TEST(told() == "token.revoked");
    BOOST_TEST(check().status == "token_expired"); // without asking anybody
    BOOST_TEST(client.sent.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_dead_token_that_nothing_renews_is_recorded) {
    connect(connection("relogin", std::nullopt));
    client.answer(401, R"({"error":"invalid_token"})");
    auto const found = check();
    BOOST_TEST(found.verdict == "refused");
    BOOST_TEST(found.status == "token_expired");
    BOOST_TEST(account().status_cause == "grant_refused");
    BOOST_TEST(told() == "token.revoked");
    BOOST_TEST(dues().empty());
}

BOOST_AUTO_TEST_CASE(trouble_of_the_platform_or_the_app_is_no_news_about_the_account) {
    connect();
    auto const before = everything_in(store);
    client.answer(503, "");
    BOOST_TEST(check().verdict == "temporary");
    client.fail(platforms::errc::timed_out);
    BOOST_TEST(check().verdict == "temporary");
    client.answer(403, R"({"title":"Forbidden"})");
    BOOST_TEST(check().verdict == "operator_fault");
    BOOST_TEST(everything_in(store) == before);

    refuse_identity();
    client.answer(503, "");
    auto const found = check();
    BOOST_TEST(found.verdict == "temporary");
    BOOST_TEST(found.status == "active");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing

// One refresh and all the ways it can end, over a store in memory and a platform that answers what it is
// told.
#include "tests/server/services/refresh/support.hpp"

namespace connectd::server::services::refresh::testing {

BOOST_FIXTURE_TEST_SUITE(spender_test, plain_world)

BOOST_AUTO_TEST_CASE(new_tokens_are_the_next_generation) {
    connect();
    answer_tokens("2", R"(,"scope":"tweet.read users.read")");
    auto const done = when_due();
    BOOST_TEST(done.how == result::refreshed);
    BOOST_TEST(access() == "access-2");
    BOOST_TEST(refresh_token() == "refresh-2");
    BOOST_TEST(token().generation == 2U);
    BOOST_TEST(!token().spending_since.has_value());
    auto const shown = account();
    BOOST_TEST((shown == done.account.value()));
    BOOST_TEST((shown.access_expires_at == clock.now() + 2h));
    BOOST_TEST((shown.next_refresh_at > clock.now() + 100min));
    BOOST_TEST((shown.scopes == std::vector<std::string>{"tweet.read", "users.read"}));
    BOOST_REQUIRE(dues().size() == 1U);
    BOOST_TEST((dues()[0] == storage::due_of(shown).value()));
    BOOST_TEST(told() == "token.refreshed");
    BOOST_REQUIRE(client.sent.size() == 1U);
    BOOST_TEST(client.sent[0].body.find("refresh_token=refresh-1") != std::string::npos);
    BOOST_TEST(!holds(store, "access-2"));
    BOOST_TEST(!holds(store, "refresh-2"));
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_refresh_token_keeps_the_one_there_is) {
    auto made = connection("stays");
    made.accounts[0].tokens.refresh_expires_in = days{365};
    connect(std::move(made));
    auto const end = account().refresh_expires_at;
    client.answer(200, R"({"access_token":"access-2","expires_in":5184000})");
    BOOST_TEST(when_due().how == result::refreshed);
    BOOST_TEST(access() == "access-2");
    BOOST_TEST(refresh_token() == "refresh-1");
    BOOST_TEST((account().refresh_expires_at == end));
    BOOST_TEST((account().scopes == std::vector<std::string>{"tweet.read"}));
}

BOOST_AUTO_TEST_CASE(a_token_that_renews_itself_is_sent_itself) {
    connect(connection("extends", std::nullopt));
    client.answer(200, R"({"access_token":"access-2","expires_in":5184000})");
    BOOST_TEST(when_due().how == result::refreshed);
    BOOST_TEST(client.sent[0].url.find("access_token=access-1") != std::string::npos);
    BOOST_TEST(access() == "access-2");
}

BOOST_AUTO_TEST_CASE(the_mark_is_in_the_store_before_the_platform_is_asked) {
    connect();
    std::optional<runtime::sys_ms> seen;
    client.before_answer = [&] {
        boost::asio::io_context own{1};
        seen = tests::run(own, storage::tokens::get(store, owner.id, id)).value()->record.spending_since;
    };
    answer_tokens("2");
    auto const before = clock.now();
    BOOST_TEST(ask().how == result::refreshed);
    BOOST_TEST((seen == before));
}

BOOST_AUTO_TEST_CASE(a_dead_grant_ends_the_account_with_its_cause) {
    connect();
    refuse();
    auto const done = when_due();
    BOOST_TEST(done.how == result::refused);
    BOOST_TEST((done.why.code == make_error_code(errc::reconnect_needed)));
    auto const shown = account();
    BOOST_TEST((shown.status == storage::account_status::token_expired));
    BOOST_TEST(shown.status_cause == "grant_refused");
    BOOST_TEST(!shown.next_refresh_at.has_value());
    BOOST_TEST(dues().empty());
    BOOST_TEST(told() == "token.revoked");
    BOOST_TEST(last_event("cause") == "grant_refused");
    BOOST_TEST(last_event("status") == "token_expired");
    BOOST_TEST(last_event("retryable") == "false");
    BOOST_TEST(last_event("reconnect_url").starts_with("https://connect.example/reconnect/"));
    // It is not asked again.
    BOOST_TEST(by_timer().how == result::not_possible);
    auto const asked = ask();
    BOOST_TEST(asked.how == result::not_possible);
    BOOST_TEST((asked.why.code == make_error_code(errc::reconnect_needed)));
    BOOST_TEST(client.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_suspended_account_is_told_apart) {
    connect("bluesky");
    client.answer(400, R"({"error":"AccountTakedown"})");
    BOOST_TEST(when_due().how == result::refused);
    BOOST_TEST((account().status == storage::account_status::suspended));
    BOOST_TEST(account().status_cause == "account_suspended");
}

BOOST_AUTO_TEST_CASE(an_outage_of_days_disconnects_nobody_and_is_told_once) {
    connect();
    auto const end = clock.now() + days{3};
    std::uint32_t tries = 0;
    while (clock.now() < end) {
        client.answer(503, "");
        BOOST_TEST(when_due().how == result::temporary);
        ++tries;
    }
    BOOST_TEST(tries < 90U);
    BOOST_TEST((account().status == storage::account_status::active));
    BOOST_TEST((account().access_expires_at.value() < clock.now()));
    BOOST_TEST(told() == "token.refresh_failed");
    BOOST_TEST(last_event("cause") == "platform_unavailable");
    BOOST_TEST(last_event("retryable") == "true");
    answer_tokens("2");
    BOOST_TEST(when_due().how == result::refreshed);
    BOOST_TEST(told() == "token.refresh_failed token.refreshed");
    client.fail(platforms::errc::connect_failed);
    BOOST_TEST(when_due().how == result::temporary);
    BOOST_TEST(told() == "token.refresh_failed token.refreshed token.refresh_failed"); // another outage
}

BOOST_AUTO_TEST_CASE(retry_after_is_honoured) {
    connect();
    client.answer(503, "", {{"Retry-After", "1800"}});
    when_due();
    BOOST_TEST((account().next_refresh_at.value() >= clock.now() + 30min));
}

BOOST_AUTO_TEST_CASE(what_has_certainly_not_been_sent_leaves_no_mark) {
    connect();
    client.fail(platforms::errc::connect_failed);
    BOOST_TEST(when_due().how == result::temporary);
    BOOST_TEST(!token().spending_since.has_value());
    refuse();
    when_due();
    BOOST_TEST(account().status_cause == "grant_refused");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_asked_for_again_soon_and_then_judged) {
    connect(); // X forgives nothing
    client.fail(platforms::errc::connection_lost);
    auto const done = when_due();
    BOOST_TEST(done.how == result::unknown);
    auto const spent_at = clock.now();
    BOOST_TEST((token().spending_since == spent_at));
    BOOST_TEST((account().next_refresh_at.value() <= clock.now() + 10s));
    BOOST_TEST((account().status == storage::account_status::active));

    // Nothing is sent while it is away, which says nothing about the first attempt.
    client.fail(platforms::errc::connect_failed);
    BOOST_TEST(when_due().how == result::temporary);
    BOOST_TEST((token().spending_since == spent_at));

    refuse();
    BOOST_TEST(when_due().how == result::refused);
    BOOST_TEST((account().status == storage::account_status::token_expired));
    BOOST_TEST(account().status_cause == "refresh_outcome_lost");
    BOOST_TEST(told() == "token.refresh_failed token.revoked");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_that_the_platform_forgives_ends_well) {
    connect("bluesky");
    client.fail(platforms::errc::timed_out);
    when_due();
    client.answer(200, R"({"accessJwt":"access-2","refreshJwt":"refresh-2","did":"did:plc:7"})");
    BOOST_TEST(when_due().how == result::refreshed);
    BOOST_TEST(refresh_token() == "refresh-2");
    BOOST_TEST(!token().spending_since.has_value());
    BOOST_TEST(token().failures == 0U);
    client.answer(400, R"({"error":"ExpiredToken"})");
    when_due();
    BOOST_TEST(account().status_cause == "grant_refused");
}

// After days of trouble the pauses are long; the answer that is lost at its end may be the one that counts.
BOOST_AUTO_TEST_CASE(the_grace_counts_from_the_attempt_that_may_have_spent_the_token) {
    connect("bluesky");
    auto const end = clock.now() + days{1};
    while (clock.now() < end) {
        client.answer(503, "");
        when_due();
    }
    clock.advance(3h);      // beyond the grace of all that was
    client.answer(502, ""); // by the gateway, whatever happened behind it
    BOOST_TEST(by_timer().how == result::temporary);
    BOOST_TEST((token().spending_since == clock.now()));
    BOOST_TEST((account().next_refresh_at.value() <= clock.now() + 10s));
}

BOOST_AUTO_TEST_CASE(a_retry_ahead_of_its_time_is_due_at_once_after_a_crash) {
    connect("bluesky");
    client.answer(503, "");
    when_due();
    auto const held = ok(read_rows(store, owner.id, id)).value();
    BOOST_TEST((dues()[0].due > clock.now()));
    ok(mark_spending(store, held, held.token.record.spending_since.value(), clock.now()));
    BOOST_TEST((dues()[0].due == clock.now()));
}

BOOST_AUTO_TEST_CASE(a_mark_left_by_a_crash_is_an_unknown_outcome_and_due_at_once) {
    connect();
    // What is on the disk when the process ends between the mark and the outcome.
    auto const held = ok(read_rows(store, owner.id, id)).value();
    ok(mark_spending(store, held, clock.now(), clock.now()));
    BOOST_REQUIRE(dues().size() == 1U);
    BOOST_TEST((dues()[0].due == clock.now()));
    refuse();
    BOOST_TEST(by_timer().how == result::refused);
    BOOST_TEST(account().status_cause == "refresh_outcome_lost");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_of_a_token_that_stays_is_no_worse_than_none) {
    connect("stays");
    client.fail(platforms::errc::timed_out);
    when_due();
    refuse();
    when_due();
    BOOST_TEST(account().status_cause == "grant_refused");
}

BOOST_AUTO_TEST_CASE(a_platform_that_hangs_for_days_disconnects_nobody) {
    connect();
    auto const end = clock.now() + days{3};
    while (clock.now() < end) {
        client.fail(platforms::errc::timed_out);
        BOOST_TEST(when_due().how == result::unknown);
    }
    answer_tokens("2");
    BOOST_TEST(when_due().how == result::refreshed);
}

BOOST_AUTO_TEST_CASE(a_token_whose_time_was_over_is_expired) {
    auto made = connection("extends", std::nullopt);
    made.accounts[0].tokens.expires_in = days{60};
    connect(std::move(made));
    clock.advance(days{61});
    client.answer(400, R"({"error":"invalid_grant"})");
    BOOST_TEST(by_timer().how == result::refused);
    BOOST_TEST(account().status_cause == "expired");
}

BOOST_AUTO_TEST_CASE(what_is_not_due_any_more_is_left_alone) {
    connect();
    BOOST_TEST(by_timer().how == result::untouched);
    BOOST_TEST(client.sent.empty());
    answer_tokens("2");
    BOOST_TEST(ask().how == result::refreshed);
}

BOOST_AUTO_TEST_CASE(who_has_seen_an_older_token_refused_gets_the_newer_one) {
    connect();
    answer_tokens("2");
    BOOST_TEST(refresh_now({.workspace = owner.id, .account = id, .generation = 1}).how == result::refreshed);
    BOOST_TEST(refresh_now({.workspace = owner.id, .account = id, .generation = 1}).how == result::untouched);
    BOOST_TEST(client.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_refreshed_is_said_without_asking) {
    connect(connection("x", std::nullopt));
    auto const none = ask();
    BOOST_TEST(none.how == result::not_possible);
    BOOST_TEST((none.why.code == make_error_code(errc::not_refreshable)));
    BOOST_TEST((account().status == storage::account_status::active));

    connect(connection("relogin"));
    BOOST_TEST((ask().why.code == make_error_code(errc::not_refreshable)));

    connect(connection("extends", std::nullopt));
    auto const young = ask();
    BOOST_TEST((young.why.code == make_error_code(errc::not_refreshable)));
    BOOST_TEST(young.why.detail.find("young") != std::string::npos);
    clock.advance(24h);
    client.answer(200, R"({"access_token":"access-2"})");
    BOOST_TEST(ask().how == result::refreshed);

    BOOST_TEST(
        (refresh_now({.workspace = owner.id, .account = crypto::account_id::make(clock.now())}).why.code ==
         make_error_code(errc::account_not_found)));
}

BOOST_AUTO_TEST_CASE(without_its_app_an_account_lives_until_its_token_ends) {
    connect();
    ok(credentials.remove(owner.id, app.id.to_string(), services::credentials::removal::forced));
    auto const asked = ask();
    BOOST_TEST((asked.why.code == make_error_code(errc::credentials_missing)));
    BOOST_TEST(told().empty());
    BOOST_TEST(when_due().how == result::not_possible);
    auto const shown = account();
    BOOST_TEST((shown.status == storage::account_status::active));
    BOOST_TEST(!shown.next_refresh_at.has_value());
    BOOST_TEST((shown.next_notice_at == shown.access_expires_at));
    BOOST_TEST(told() == "token.refresh_failed");
    BOOST_TEST(last_event("cause") == "credentials_missing");
    BOOST_TEST(last_event("retryable") == "false");
}

BOOST_AUTO_TEST_CASE(a_platform_that_is_not_configured_is_waited_for) {
    connect("stays");
    clock.set(account().next_refresh_at.value());
    catalog = platforms::built_in_catalog();
    BOOST_TEST(by_timer().how == result::not_possible);
    BOOST_TEST((account().next_refresh_at.value() > clock.now()));
    BOOST_TEST((account().status == storage::account_status::active));
    catalog = test_catalog();
    answer_tokens("2");
    BOOST_TEST(when_due().how == result::refreshed);
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_nothing_spends_nothing) {
    connect();
    clock.set(account().next_refresh_at.value());
    store.fail_writes("the disk is full");
    BOOST_TEST(by_timer().how == result::broken);
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_CASE(a_token_that_cannot_be_opened_is_not_the_end) {
    connect();
    auto const held = ok(read_rows(store, owner.id, id)).value();
    auto damaged = held.token.record;
    damaged.material = crypto::sealed::decode(crypto::bytes(60, 1)).value();
    storage::write_batch batch;
    storage::tokens::replace(batch, held.token, damaged);
    read(store.commit(std::move(batch)));
    BOOST_TEST(when_due().how == result::broken);
    BOOST_TEST((account().status == storage::account_status::active));
    BOOST_TEST((account().next_refresh_at.value() > clock.now()));
    BOOST_TEST(told() == "token.refresh_failed");
    BOOST_TEST(last_event("cause") == "sealed_value_damaged");
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing

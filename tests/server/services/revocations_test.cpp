#include "server/services/revocations.hpp"
#include "server/services/token_vault.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct revocations_fixture : world {
    workspace_view owner = workspace();
    credentials_view app = x_app(owner.id);
    revocations retries{store, keys, catalog, client, clock, chosen, resolver};

    void owe(std::uint32_t attempts = 1, std::string platform = "x") {
        platforms::token_set tokens;
        tokens.access_token = crypto::secret::copy_of("the-access-token");
        tokens.refresh_token = crypto::secret::copy_of("the-refresh-token");
        storage::revocation row{.workspace = owner.id,
                                .account = crypto::account_id::make(clock.now()),
                                .platform = std::move(platform),
                                .credentials = app.id,
                                .material = {},
                                .api_base = {},
                                .attempts = attempts,
                                .next_attempt_at = clock.now() + 1min,
                                .grant_owner = {},
                                .access_expires_at = {}};
        row.material = ok(seal_token(keys, row, tokens));
        storage::write_batch batch;
        storage::revocations::put(batch, row);
        read(store.commit(std::move(batch)));
    }
    std::vector<storage::stored<storage::revocation>> owed() {
        return read(storage::revocations::list_due(store, clock.now() + 24h * 365, {}, 100)).items;
    }
    // X wants both tokens back, one request each.
    void answer_both(unsigned status, std::string const& body = "{}") {
        client.answer(status, body);
        client.answer(status, body);
    }
    void fail_both(platforms::errc code) {
        client.fail(code);
        client.fail(code);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(revocations_test, revocations_fixture)

BOOST_AUTO_TEST_CASE(the_pauses_grow_from_a_minute_to_two_hours) {
    BOOST_TEST((revocation_pause(1) == 1min));
    BOOST_TEST((revocation_pause(2) == 2min));
    BOOST_TEST((revocation_pause(7) == 64min));
    BOOST_TEST((revocation_pause(8) == 2h));
    BOOST_TEST((revocation_pause(4'000'000'000U) == 2h));
    std::chrono::milliseconds whole{};
    for (std::uint32_t attempt = 1; attempt < max_revocation_attempts; ++attempt) {
        whole += revocation_pause(attempt);
    }
    BOOST_TEST((whole > 18h));
    BOOST_TEST((whole < 30h));
}

BOOST_AUTO_TEST_CASE(one_that_is_not_due_is_not_tried) {
    owe();
    clock.advance(1min - 1ms);
    BOOST_TEST(ok(retries.run_due()) == 0U);
    BOOST_TEST(client.sent.empty());
    BOOST_TEST(owed().size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_the_platform_confirms_is_settled) {
    owe();
    clock.advance(1min);
    answer_both(200);
    BOOST_TEST(ok(retries.run_due()) == 1U);
    BOOST_TEST(owed().empty());
    BOOST_REQUIRE_EQUAL(client.sent.size(), 2U);
    auto const said = client.sent[0].body + client.sent[1].body;
    BOOST_TEST(said.find("the-access-token") != std::string::npos);
    BOOST_TEST(said.find("the-refresh-token") != std::string::npos);
    BOOST_TEST(!holds(store, "the-access-token"));
}

BOOST_AUTO_TEST_CASE(an_outage_makes_it_wait_longer_each_time) {
    owe();
    clock.advance(1min);
    for (std::uint32_t attempt = 2; attempt <= 5; ++attempt) {
        fail_both(platforms::errc::connect_failed);
        BOOST_TEST(ok(retries.run_due()) == 0U);
        auto const rows = owed();
        BOOST_REQUIRE_EQUAL(rows.size(), 1U);
        BOOST_TEST(rows[0].record.attempts == attempt);
        BOOST_TEST((rows[0].record.next_attempt_at == clock.now() + revocation_pause(attempt)));
        BOOST_TEST(ok(retries.run_due()) == 0U); // not due again yet: the client would say so
        clock.advance(revocation_pause(attempt));
    }
    answer_both(200);
    BOOST_TEST(ok(retries.run_due()) == 1U);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(one_that_still_fails_at_the_last_attempt_is_given_up) {
    owe(max_revocation_attempts - 1);
    clock.advance(1min);
    fail_both(platforms::errc::timed_out);
    BOOST_TEST(ok(retries.run_due()) == 0U);
    BOOST_REQUIRE_EQUAL(owed().size(), 1U);
    clock.advance(2h);
    fail_both(platforms::errc::timed_out);
    BOOST_TEST(ok(retries.run_due()) == 1U);
    BOOST_TEST(owed().empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_it_for_the_grant_is_dead) {
    owe();
    clock.advance(1min);
    answer_both(400, R"({"error":"invalid_grant"})");
    BOOST_TEST(ok(retries.run_due()) == 1U);
    BOOST_TEST(owed().empty());
}

BOOST_AUTO_TEST_CASE(without_platform_or_app_there_is_nothing_to_try_it_with) {
    owe(1, "gone");
    owe();
    ok(credentials.remove(owner.id, app.id.to_string(), services::credentials::removal::forced));
    clock.advance(1min);
    BOOST_TEST(ok(retries.run_due()) == 2U);
    BOOST_TEST(client.sent.empty());
    BOOST_TEST(owed().empty());
}

BOOST_AUTO_TEST_CASE(one_that_fails_does_not_hold_up_the_next) {
    owe();
    clock.advance(1ms);
    owe();
    clock.advance(1min);
    fail_both(platforms::errc::connect_failed);
    answer_both(200);
    BOOST_TEST(ok(retries.run_due()) == 1U);
    BOOST_TEST(owed().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

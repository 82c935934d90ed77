#include "server/services/grants.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/accounts.hpp"
#include "tests/server/services/support.hpp"
#include "tests/support/flock.hpp"

namespace connectd::server::services::testing {
namespace {

struct grants_fixture : world {
    grants_fixture() {
        catalog = tests::flock_catalog("https://flock.example");
        app = app_of("flock");
    }

    workspace_view owner = workspace();
    grants all{store, keys, catalog, client, clock, chosen, resolver};

    crypto::credentials_id app_of(std::string platform) {
        return ok(credentials.create(owner.id, {.platform = std::move(platform),
                                                .client_id = "client-1",
                                                .client_secret = crypto::secret::copy_of("s"),
                                                .name = {}}))
            .id;
    }
    storage::account account(std::string platform = "flock", std::string grant_owner = "ada",
                             std::optional<crypto::workspace_id> of = {}) {
        storage::account row;
        row.id = crypto::account_id::make(clock.now());
        row.workspace = of.value_or(owner.id);
        row.profile = owner.default_profile;
        row.platform = std::move(platform);
        row.platform_user_id = row.id.to_string();
        row.credentials = app;
        row.grant_owner = std::move(grant_owner);
        storage::write_batch batch;
        storage::accounts::create(batch, row);
        read(store.commit(std::move(batch)));
        return row;
    }
    void set_status(storage::account const& row, storage::account_status to) {
        auto const old = read(storage::accounts::get(store, row.workspace, row.id)).value();
        auto updated = old.record;
        updated.status = to;
        storage::write_batch batch;
        storage::accounts::replace(batch, old, updated);
        read(store.commit(std::move(batch)));
    }
    static revocable_grant grant_of(storage::account const& row, bool always = false) {
        platforms::token_set tokens;
        tokens.access_token = crypto::secret::copy_of("page-token");
        return {row, std::move(tokens), always};
    }
    revocation_outcome revoke(storage::account const& row, bool always = false) {
        auto grant = grant_of(row, always);
        return ok(all.revoke(grant));
    }
    void expect_call() { client.answer(200, R"({"success":true})"); }

    // A grant of Tick whose access token ended a moment ago.
    revocable_grant ended_tick() {
        auto row = account("tick", "7");
        row.credentials = app_of("tick");
        row.access_expires_at = clock.now();
        platforms::token_set tokens;
        tokens.access_token = crypto::secret::copy_of("old-access");
        tokens.refresh_token = crypto::secret::copy_of("old-refresh");
        return {row, std::move(tokens), false};
    }

    crypto::credentials_id app;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(grants_test, grants_fixture)

BOOST_AUTO_TEST_CASE(a_grant_that_others_hang_on_is_kept_until_the_last) {
    auto const first = account();
    auto const second = account();
    BOOST_TEST((revoke(first) == revocation_outcome::kept));
    BOOST_TEST(client.sent.empty());
    auto const old = read(storage::accounts::get(store, owner.id, second.id)).value();
    storage::write_batch batch;
    storage::accounts::erase(batch, old);
    read(store.commit(std::move(batch)));
    expect_call();
    BOOST_TEST((revoke(first) == revocation_outcome::revoked));
    BOOST_REQUIRE_EQUAL(client.sent.size(), 1U);
    BOOST_TEST(client.sent[0].method == "DELETE");
    BOOST_TEST(client.sent[0].url == "https://flock.example/permissions");
}

BOOST_AUTO_TEST_CASE(one_that_is_asked_for_ends_the_workspaces_others) {
    auto const first = account();
    account();
    expect_call();
    BOOST_TEST((revoke(first, true) == revocation_outcome::revoked));
}

BOOST_AUTO_TEST_CASE(nobody_can_end_the_accounts_of_another_workspace) {
    auto const first = account();
    account("flock", "ada", workspace("other").id);
    BOOST_TEST((revoke(first) == revocation_outcome::kept));
    BOOST_TEST((revoke(first, true) == revocation_outcome::kept));
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_CASE(what_lives_off_the_same_app_hangs_on_the_same_grant) {
    auto const page = account("flock");
    auto const pictures = account("flockpics");
    BOOST_TEST((revoke(page) == revocation_outcome::kept));
    BOOST_TEST((revoke(pictures) == revocation_outcome::kept));
}

BOOST_AUTO_TEST_CASE(other_people_platforms_and_dead_accounts_do_not_count) {
    auto const mine = account();
    account("flock", "ben");
    account("tick", "ada"); // another platform's id that happens to be the same
    account("gone", "ada"); // a platform that this server no longer knows
    set_status(account(), storage::account_status::revoked);
    set_status(account(), storage::account_status::token_expired);
    expect_call();
    BOOST_TEST((revoke(mine) == revocation_outcome::revoked));
    set_status(account(), storage::account_status::suspended);
    BOOST_TEST((revoke(mine) == revocation_outcome::kept));
}

BOOST_AUTO_TEST_CASE(a_grant_of_nobody_knows_whom_is_revoked_when_asked_for_only) {
    auto const row = account("flock", "");
    BOOST_TEST((revoke(row) == revocation_outcome::kept));
    expect_call();
    BOOST_TEST((revoke(row, true) == revocation_outcome::revoked));
}

BOOST_AUTO_TEST_CASE(a_long_list_of_siblings_is_looked_through) {
    auto const mine = account();
    for (int count = 0; count < 150; ++count) {
        set_status(account(), storage::account_status::revoked);
    }
    account();
    BOOST_TEST((revoke(mine) == revocation_outcome::kept));
}

BOOST_AUTO_TEST_CASE(a_platform_that_ends_one_account_is_not_asked_about_others) {
    auto first = account("tick", "7");
    account("tick", "7");
    first.credentials = app_of("tick");
    expect_call();
    BOOST_TEST((revoke(first) == revocation_outcome::revoked));
}

BOOST_AUTO_TEST_CASE(how_a_call_went) {
    auto const row = account();
    client.fail(platforms::errc::connect_failed);
    BOOST_TEST((revoke(row) == revocation_outcome::pending));
    client.answer(400, R"({"error":"invalid_grant"})"); // dead already is as good as revoked
    BOOST_TEST((revoke(row) == revocation_outcome::revoked));
    client.answer(401, R"({"error":"invalid_client"})");
    BOOST_TEST((revoke(row) == revocation_outcome::not_possible));
    ok(credentials.remove(owner.id, app.to_string(), services::credentials::removal::forced));
    BOOST_TEST((revoke(row) == revocation_outcome::not_possible));
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(an_ended_access_token_is_renewed_where_only_a_living_one_can_be_revoked) {
    auto grant = ended_tick();
    client.answer(200, R"({"access_token":"new-access","refresh_token":"new-refresh","expires_in":7200})");
    client.answer(200, "{}");
    BOOST_TEST((ok(all.revoke(grant)) == revocation_outcome::revoked));
    BOOST_REQUIRE_EQUAL(client.sent.size(), 2U);
    BOOST_TEST(client.sent[0].url == "https://flock.example/token");
    BOOST_TEST(client.sent[0].body.find("refresh_token=old-refresh") != std::string::npos);
    BOOST_TEST(client.sent[1].url == "https://flock.example/revoke");
    BOOST_TEST(client.sent[1].body.find("token=new-access") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_living_access_token_is_revoked_as_it_is) {
    auto grant = ended_tick();
    grant.access_expires_at = clock.now() + 1ms;
    client.answer(200, "{}");
    BOOST_TEST((ok(all.revoke(grant)) == revocation_outcome::revoked));
    BOOST_REQUIRE_EQUAL(client.sent.size(), 1U);
    BOOST_TEST(client.sent[0].body.find("token=old-access") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_refresh_token_the_ended_one_is_all_there_is) {
    auto grant = ended_tick();
    grant.tokens.refresh_token.reset();
    client.answer(200, "{}");
    BOOST_TEST((ok(all.revoke(grant)) == revocation_outcome::revoked));
    BOOST_TEST(client.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refused_renewal_says_that_the_grant_is_dead) {
    auto grant = ended_tick();
    client.answer(400, R"({"error":"invalid_grant"})");
    BOOST_TEST((ok(all.revoke(grant)) == revocation_outcome::not_possible));
    BOOST_TEST(client.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_owed_holds_the_tokens_of_the_last_renewal) {
    auto grant = ended_tick();
    client.answer(200, R"({"access_token":"new-access","expires_in":7200})");
    client.answer(503, "");
    BOOST_TEST((ok(all.revoke(grant)) == revocation_outcome::pending));
    auto const owed = ok(all.owe(grant, 3, 4min));
    BOOST_TEST(owed.attempts == 3U);
    BOOST_TEST((owed.next_attempt_at == clock.now() + 4min));
    BOOST_TEST((owed.access_expires_at == clock.now() + 2h));
    BOOST_TEST(owed.grant_owner == "7");
    auto const opened = ok(open_token(keys, owed));
    BOOST_TEST(opened.access_token.reveal() == "new-access");
    BOOST_TEST(opened.refresh_token.value().reveal() == "old-refresh"); // the answer had no other

    client.answer(503, "");
    auto again = ended_tick();
    BOOST_TEST((ok(all.revoke(again)) == revocation_outcome::pending)); // not even renewed
    BOOST_TEST(again.tokens.access_token.reveal() == "old-access");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

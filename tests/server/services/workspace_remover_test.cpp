#include "server/services/idempotency.hpp"
#include "server/services/revocations.hpp"
#include "server/services/token_vault.hpp"
#include "server/services/workspace_remover.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/outbox.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/tables/tokens.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct remover_fixture : world {
    workspace_remover remover{store, keys, catalog, client, clock, chosen, resolver};
    revocations owed_ones{store, keys, catalog, client, clock, chosen, resolver};

    // Every kind of row that a workspace has beside those below its own id.
    void fill(crypto::workspace_id owner) {
        auto const app = x_app(owner);
        ok(profiles.create(owner, {.name = "Ada", .external_id = "u1", .metadata = {}}));
        ok(api_keys.create(owner.to_string(), {.name = "k", .scopes = {}}));
        ok(sessions.create(owner, session_wish{}));
        idempotency_claims held;
        services::idempotency repeated{store, keys, clock, held};
        auto const first = ok(repeated.begin(
            {.workspace = owner, .key = "k", .method = "POST", .target = "/v1/profiles", .body = "{}"}));
        ok(repeated.keep(owner, first, {.status = 201, .headers = {}, .body = "{}"}));
        storage::account row;
        row.id = crypto::account_id::make(clock.now());
        row.workspace = owner;
        row.platform = "x";
        row.credentials = app.id;
        row.platform_user_id = "7";
        row.grant_owner = "7";
        row.next_refresh_at = clock.now() + 1h;
        storage::write_batch batch;
        storage::accounts::create(batch, row);
        storage::refresh_dues::move(batch, std::nullopt, storage::due_of(row));
        platforms::token_set tokens;
        tokens.access_token = crypto::secret::copy_of("the-access-token");
        storage::token token;
        token.account = row.id;
        token.workspace = owner;
        token.material = ok(seal_token(keys, token, tokens));
        storage::tokens::create(batch, token);
        read(store.commit(std::move(batch)));
    }
    std::size_t owed() {
        return read(storage::revocations::list_due(store, clock.now() + 24h, {}, 100)).items.size();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(workspace_remover_test, remover_fixture)

BOOST_AUTO_TEST_CASE(nothing_is_left_of_a_deleted_workspace_and_all_of_the_others) {
    auto const other = workspace("other").id;
    fill(other);
    auto const before = everything_in(store);
    auto const owner = workspace().id;
    fill(owner);
    ok(workspaces.remove(owner.to_string(), "acme"));
    BOOST_TEST(ok(remover.run()) == 0U); // what was under way may still write
    client.answer(200, "{}");
    BOOST_TEST(ok(owed_ones.run_due()) == 1U);
    clock.advance(workspace_remover::afterwards);
    BOOST_TEST(ok(remover.run()) == 1U);
    BOOST_TEST(!holds(store, owner.raw()));
    auto const rows = [](std::string const& text) { return std::ranges::count(text, '\n'); };
    BOOST_TEST(rows(everything_in(store)) == rows(before));
    BOOST_TEST(ok(remover.run()) == 0U);
}

BOOST_AUTO_TEST_CASE(the_grants_of_its_accounts_are_given_back_before_its_keys_go) {
    auto const owner = workspace().id;
    fill(owner);
    ok(workspaces.remove(owner.to_string(), "acme"));
    ok(remover.run());
    BOOST_TEST(owed() == 1U);
    client.fail(platforms::errc::connect_failed); // for a while
    BOOST_TEST(ok(owed_ones.run_due()) == 0U);
    clock.advance(workspace_remover::afterwards);
    BOOST_TEST(ok(remover.run()) == 0U);
    client.answer(200, "{}");
    BOOST_TEST(ok(owed_ones.run_due()) == 1U);
    BOOST_TEST(client.sent.back().body.find("the-access-token") != std::string::npos);
    BOOST_TEST(ok(remover.run()) == 1U);
    BOOST_TEST(!holds(store, owner.raw()));
}

BOOST_AUTO_TEST_CASE(what_was_sealed_for_a_workspace_that_is_gone_opens_nowhere) {
    auto const owner = workspace().id;
    auto const app = x_app(owner, "client-1", "a-very-secret-secret");
    auto const row = read(storage::credentials_table::get(store, owner, app.id));
    ok(workspaces.remove(owner.to_string(), "acme"));
    ok(remover.run());
    vault fresh{store, masters("a"), clock};
    auto const key = storage::credentials_table::key(row->record);
    sealed_place const place{.family = "credentials", .record_key = key, .field = "client_secret"};
    BOOST_TEST(refusal(fresh.open(owner, row->record.client_secret, place)) == errc::sealed_value_damaged);
    BOOST_TEST(refusal(fresh.seal(owner, crypto::secret::copy_of("x"), place)) == errc::sealed_value_damaged);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

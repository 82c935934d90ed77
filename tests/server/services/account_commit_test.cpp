#include "server/services/account_commit.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/profiles.hpp"
#include "storage/tables/refresh_due.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

crypto::secret secret_text(std::string_view text) {
    return crypto::secret::copy_of(text);
}

struct commit_fixture : interleaved_world {
    account_commit commits{store, keys, clock, refreshes};
    workspace_view owner = workspace();
    credentials_view app = x_app(owner.id);

    new_connection connection(std::string user = "7", std::optional<std::string> refresh = "refresh-1") {
        new_connection made;
        made.workspace = owner.id;
        made.profile = owner.default_profile;
        made.credentials = app.id;
        made.platform = catalog.find("x");
        made.accounts.push_back(account(user, std::move(refresh)));
        made.grant_owner = std::move(user);
        made.asked_scopes = {"tweet.read"};
        return made;
    }
    static new_account account(std::string const& user, std::optional<std::string> refresh = "refresh-1") {
        new_account made;
        made.tokens.access_token = secret_text("access-" + user);
        if (refresh) {
            made.tokens.refresh_token = secret_text(*refresh);
        }
        made.tokens.expires_in = std::chrono::hours{2};
        made.who = {.id = user, .username = "user" + user, .display_name = "User", .avatar_url = {}};
        return made;
    }
    account_view store_one(new_connection made) {
        auto views = ok(commits.store(std::move(made)));
        BOOST_REQUIRE_EQUAL(views.size(), 1U);
        return views.front();
    }
    storage::stored<storage::session> session() {
        auto const made = ok(sessions.create(owner.id, session_wish{}));
        return read(storage::sessions::get(store, owner.id, made.id)).value();
    }
    platforms::token_set tokens_of(crypto::account_id account) {
        auto const row = read(storage::tokens::get(store, owner.id, account)).value();
        return ok(open_token(keys, row.record));
    }
    std::vector<storage::event> events() {
        return read(storage::events::list_after(store, owner.id, {}, 100)).items;
    }
    std::vector<storage::refresh_due> dues() {
        return read(storage::refresh_dues::list_due(store, clock.now() + 24h * 365, {}, 100)).items;
    }
    // Somebody else's change of the session, once, just before the next commit.
    void change_session_before_commit(storage::stored<storage::session> row,
                                      storage::session_status to = storage::session_status::pending) {
        store.before_commit = [this, row, to] {
            auto changed = row.record;
            changed.status = to;
            changed.browser_digest = std::string(32, 'b');
            storage::write_batch batch;
            storage::sessions::replace(batch, row, changed);
            boost::asio::io_context own{1};
            BOOST_TEST(tests::run(own, store.below.commit(std::move(batch))).has_value());
        };
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(account_commit_test, commit_fixture)

BOOST_AUTO_TEST_CASE(a_new_account_comes_with_all_that_belongs_to_it) {
    auto const before = store.commits;
    auto const made = store_one(connection());
    BOOST_TEST(made.status == "active");
    BOOST_TEST(made.username == "user7");
    BOOST_TEST((made.scopes == std::vector<std::string>{"tweet.read"}));
    BOOST_TEST((made.access_expires_at == clock.now() + 2h));
    auto const tokens = tokens_of(made.id);
    BOOST_TEST(tokens.access_token.reveal() == "access-7");
    BOOST_TEST(tokens.refresh_token.value().reveal() == "refresh-1");
    BOOST_REQUIRE_EQUAL(events().size(), 1U);
    BOOST_TEST(events()[0].type == "account.connected");
    BOOST_TEST((events()[0].account == made.id));
    BOOST_REQUIRE_EQUAL(dues().size(), 1U);
    BOOST_TEST((dues()[0].account == made.id));
    BOOST_TEST((dues()[0].due == made.next_refresh_at));
    // One batch for the account, and at most one more for the block of seals.
    BOOST_TEST(store.commits - before <= 2U);
}

BOOST_AUTO_TEST_CASE(a_profile_that_was_deleted_meanwhile_leaves_its_accounts_to_the_default_one) {
    auto const profile = ok(profiles.create(owner.id, {.name = "Ada", .external_id = {}, .metadata = {}}));
    auto made = connection();
    made.profile = profile.id;
    store.before_commit = [&] {
        boost::asio::io_context own{1};
        auto const gone = tests::run(own, storage::profiles::get(store.below, owner.id, profile.id)).value();
        storage::write_batch batch;
        storage::profiles::erase(batch, *gone);
        BOOST_TEST(tests::run(own, store.below.commit(std::move(batch))).has_value());
    };
    BOOST_TEST((store_one(std::move(made)).profile == owner.default_profile));
    made = connection("8");
    made.profile = profile.id;
    BOOST_TEST((store_one(std::move(made)).profile == owner.default_profile));
    BOOST_TEST(ok(profiles.list(owner.id, {}, {})).items.front().accounts == 2U);
}

BOOST_AUTO_TEST_CASE(no_token_lies_in_the_store_in_plain) {
    store_one(connection("7", "refresh-token-of-seven"));
    BOOST_TEST(!holds(store.below, "access-7"));
    BOOST_TEST(!holds(store.below, "refresh-token-of-seven"));
}

BOOST_AUTO_TEST_CASE(all_rows_of_a_connection_are_of_one_batch) {
    auto made = connection();
    made.session = session();
    auto const account = store_one(std::move(made));
    auto const row = read(storage::accounts::get(store, owner.id, account.id)).value();
    auto const token = read(storage::tokens::get(store, owner.id, account.id)).value();
    BOOST_TEST(row.version == token.version);
    auto const event = read(storage::events::get(store, owner.id, events().at(0).id)).value();
    BOOST_TEST(row.version == event.version);
    auto const sessions_now = read(storage::sessions::list(store, owner.id, {}, 10)).items;
    auto const ended = read(storage::sessions::get(store, owner.id, sessions_now.at(0).id)).value();
    BOOST_TEST(ended.version == row.version);
    BOOST_TEST((ended.record.status == storage::session_status::completed));
    BOOST_TEST((ended.record.account == account.id));
    BOOST_TEST((ended.record.accounts == std::vector{account.id}));
    BOOST_TEST((ended.record.finished_at == clock.now()));
    BOOST_TEST(ended.record.secrets.empty());
}

BOOST_AUTO_TEST_CASE(several_accounts_of_one_grant_are_of_one_batch) {
    auto const known = store_one(connection("2"));
    auto made = connection("1");
    made.accounts[0].kind = "page";
    made.accounts.push_back(account("2", std::nullopt));
    made.accounts[1].kind = "page";
    made.accounts.push_back(account("3"));
    made.grant_owner = "ada";
    made.session = session();
    auto const session_id = made.session->record.id;
    auto const views = ok(commits.store(std::move(made)));
    BOOST_REQUIRE_EQUAL(views.size(), 3U);
    BOOST_TEST(views[0].username == "user1");
    BOOST_TEST(views[0].kind == "page");
    BOOST_TEST(views[0].grant_owner == "ada");
    BOOST_TEST((views[1].id == known.id)); // the identity had its account already
    BOOST_TEST(views[2].kind == "person");
    auto const ended = read(storage::sessions::get(store, owner.id, session_id)).value();
    std::vector<crypto::account_id> ids;
    for (auto const& each : views) {
        ids.push_back(each.id);
        auto const row = read(storage::accounts::get(store, owner.id, each.id)).value();
        auto const token = read(storage::tokens::get(store, owner.id, each.id)).value();
        BOOST_TEST(row.version == ended.version);
        BOOST_TEST(token.version == ended.version);
    }
    BOOST_TEST((ended.record.account == views[0].id));
    BOOST_TEST((ended.record.accounts == ids));
    BOOST_TEST(tokens_of(views[2].id).access_token.reveal() == "access-3");
    BOOST_TEST(tokens_of(known.id).refresh_token.value().reveal() == "refresh-1"); // kept
    BOOST_TEST(dues().size() == 3U);
    BOOST_TEST(events().size() == 4U);
}

BOOST_AUTO_TEST_CASE(of_several_accounts_all_are_stored_or_none) {
    auto const known = store_one(connection("2"));
    auto made = connection("1");
    made.accounts.push_back(account("2"));
    made.session = session();
    auto const session_row = *made.session;
    change_session_before_commit(session_row, storage::session_status::cancelled);
    BOOST_TEST(refusal(commits.store(std::move(made))) == errc::session_used);
    BOOST_TEST(read(storage::accounts::list(store, owner.id, {}, {}, 10)).items.size() == 1U);
    BOOST_TEST(read(storage::tokens::get(store, owner.id, known.id)).value().record.generation == 1U);
    BOOST_TEST(events().size() == 1U);
    BOOST_TEST(dues().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_store_that_refuses_leaves_nothing_of_a_connection) {
    auto made = connection();
    made.session = session();
    ok(keys.seal(owner.id, secret_text("x"), {"tokens", "row", "material"})); // the block of seals is taken
    auto const before = everything_in(store.below);
    store.below.fail_writes("disk full");
    BOOST_TEST(is_store_unavailable(failed(commits.store(std::move(made))).code));
    BOOST_TEST((everything_in(store.below) == before));
}

BOOST_AUTO_TEST_CASE(the_same_identity_updates_the_account_it_has) {
    auto const first = store_one(connection());
    clock.advance(1h);
    auto again = connection("7", "refresh-2");
    again.accounts[0].who.username = "renamed";
    auto const second = store_one(std::move(again));
    BOOST_TEST((second.id == first.id));
    BOOST_TEST(second.username == "renamed");
    BOOST_TEST((second.created_at == first.created_at));
    BOOST_TEST((second.connected_at == clock.now()));
    BOOST_TEST(tokens_of(first.id).refresh_token.value().reveal() == "refresh-2");
    BOOST_TEST(read(storage::tokens::get(store, owner.id, first.id)).value().record.generation == 2U);
    BOOST_REQUIRE_EQUAL(events().size(), 2U);
    BOOST_TEST(events()[1].type == "account.reconnected");
    BOOST_TEST(read(storage::accounts::list(store, owner.id, {}, {}, 10)).items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(another_profile_or_identity_is_another_account) {
    auto const first = store_one(connection("7"));
    auto const second = store_one(connection("8"));
    auto elsewhere = connection("7");
    elsewhere.profile = ok(profiles.create(owner.id, {.name = "Ann", .external_id = {}, .metadata = {}})).id;
    auto const third = store_one(std::move(elsewhere));
    BOOST_TEST((first.id != second.id));
    BOOST_TEST((first.id != third.id));
}

BOOST_AUTO_TEST_CASE(the_due_time_moves_and_never_doubles) {
    auto const made = store_one(connection());
    for (int turn = 0; turn < 3; ++turn) {
        clock.advance(17min);
        auto const again = store_one(connection());
        BOOST_REQUIRE_EQUAL(dues().size(), 1U);
        BOOST_TEST((dues()[0].due == again.next_refresh_at));
        BOOST_TEST((dues()[0].account == made.id));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_refresh_token_keeps_the_stored_one) {
    auto const made = store_one(connection("7", "kept-refresh"));
    auto again = connection("7", std::nullopt);
    again.accounts[0].tokens.access_token = secret_text("newer-access");
    store_one(std::move(again));
    auto const tokens = tokens_of(made.id);
    BOOST_TEST(tokens.access_token.reveal() == "newer-access");
    BOOST_TEST(tokens.refresh_token.value().reveal() == "kept-refresh");
}

BOOST_AUTO_TEST_CASE(a_damaged_token_does_not_keep_an_account_from_being_mended) {
    auto const made = store_one(connection());
    auto const old = read(storage::tokens::get(store, owner.id, made.id)).value();
    auto damaged = old.record;
    auto bytes = damaged.material.encode();
    bytes.back() ^= 1;
    damaged.material = crypto::sealed::decode(crypto::bytes_view{bytes}).value();
    storage::write_batch batch;
    storage::tokens::replace(batch, old, damaged);
    read(store.commit(std::move(batch)));
    store_one(connection("7", std::nullopt));
    BOOST_TEST(tokens_of(made.id).access_token.reveal() == "access-7");
    BOOST_TEST(!tokens_of(made.id).refresh_token.has_value());
}

BOOST_AUTO_TEST_CASE(a_reconnect_with_another_identity_names_both) {
    auto const made = store_one(connection("7"));
    auto again = connection("8");
    again.reconnect = made.id;
    auto const why = failed(commits.store(std::move(again)));
    BOOST_TEST(why.code == make_error_code(errc::identity_mismatch));
    for (std::string const part : {"user7", "7", "user8", "8"}) {
        BOOST_TEST(why.detail.find(part) != std::string::npos, part);
    }
    BOOST_TEST(tokens_of(made.id).access_token.reveal() == "access-7");
    BOOST_TEST(events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_reconnect_of_an_account_that_is_gone) {
    auto again = connection();
    again.reconnect = crypto::account_id::make(clock.now());
    BOOST_TEST(refusal(commits.store(std::move(again))) == errc::account_not_found);
}

BOOST_AUTO_TEST_CASE(a_session_that_another_writer_touched_is_completed_all_the_same) {
    auto made = connection();
    made.session = session();
    change_session_before_commit(*made.session);
    auto const id = made.session->record.id;
    auto const account = store_one(std::move(made));
    auto const ended = read(storage::sessions::get(store, owner.id, id)).value();
    BOOST_TEST((ended.record.account == account.id));
    BOOST_TEST(ended.record.browser_digest == std::string(32, 'b'));
    BOOST_TEST(events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_session_that_another_writer_ended_is_used) {
    auto made = connection();
    made.session = session();
    change_session_before_commit(*made.session, storage::session_status::cancelled);
    BOOST_TEST(refusal(commits.store(std::move(made))) == errc::session_used);
    BOOST_TEST(events().empty());
    BOOST_TEST(dues().empty());
    BOOST_TEST(read(storage::accounts::list(store, owner.id, {}, {}, 10)).items.empty());
}

BOOST_AUTO_TEST_CASE(two_who_connect_one_identity_at_once_make_one_account) {
    auto const one = tests::start(io, commits.store(connection("7", "refresh-1")));
    auto const two = tests::start(io, commits.store(connection("7", "refresh-2")));
    auto const first = tests::finish(io, one);
    auto const second = tests::finish(io, two);
    BOOST_REQUIRE(first.has_value());
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST((first->front().id == second->front().id));
    BOOST_TEST(dues().size() == 1U);
    BOOST_TEST(events().size() == 2U);
    BOOST_TEST(read(storage::tokens::get(store, owner.id, first->front().id)).value().record.generation ==
               2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

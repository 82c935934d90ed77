#include "server/runtime/task_group.hpp"
#include "server/services/choices.hpp"
#include "server/services/session_sweeper.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/events.hpp"
#include "tests/server/services/support.hpp"
#include "tests/support/flock.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace connectd::server::services::testing {
namespace {

using storage::session_status;

// Ada's consents at Flock, which reach the pages that a test says.
struct choices_fixture : interleaved_world {
    choices_fixture() { catalog = tests::flock_catalog("https://flock.example"); }

    workspace_view owner = workspace();
    runtime::task_group tasks{io.get_executor(), "choices"};
    connect callbacks{store,    keys,   catalog,   client, clock,    chosen,
                      sessions, claims, refreshes, tasks,  resolver, instances};
    choices chooser{store, keys, catalog, clock, chosen, sessions, claims, refreshes, tasks};

    session_view begin(session_wish wish = {}) {
        wish.platform = "flock";
        if (!app_made) {
            ok(credentials.create(owner.id, {.platform = "flock",
                                             .client_id = "client-1",
                                             .client_secret = crypto::secret::copy_of("s"),
                                             .name = {}}));
            app_made = true;
        }
        return ok(sessions.create(owner.id, wish));
    }
    static boost::json::value page(std::string const& id) {
        return {{"id", id}, {"name", "Page " + id}, {"token", "token-of-" + id}};
    }
    void answer_grant(std::vector<std::string> const& pages) {
        boost::json::array list;
        for (auto const& id : pages) {
            list.push_back(page(id));
        }
        client.answer(200, R"({"access_token":"token-of-ada","expires_in":5184000})");
        client.answer(200, R"({"id":"ada","name":"Ada Marlow"})");
        client.answer(200, boost::json::serialize(boost::json::value{{"data", list}}));
    }
    callback_query query_of(session_view const& made, std::optional<std::string> browser = {}) {
        auto const url = boost::urls::parse_uri(*made.authorize_url).value();
        callback_query query;
        query.platform = "flock";
        query.state = crypto::secret::take(std::string{(*url.params().find("state")).value});
        query.code = crypto::secret::copy_of("a-code");
        if (browser) {
            query.browser = crypto::secret::copy_of(*browser);
        }
        return query;
    }
    // A session that waits for a choice among pages 1 to 3, by the browser "ada's".
    session_view waiting(session_wish wish = {}) {
        auto const made = begin(std::move(wish));
        answer_grant({"1", "2", "3"});
        auto const went = ok(callbacks.callback(query_of(made, "ada's")));
        BOOST_REQUIRE(went.waiting.has_value());
        return made;
    }
    storage::stored<storage::session> row(session_view const& of) {
        return read(storage::sessions::get(store, owner.id, of.id)).value();
    }
    static crypto::secret adas() { return crypto::secret::copy_of("ada's"); }
    auto choose(session_view const& of, std::vector<std::string> ids) {
        return chooser.choose(owner.id, of.id.to_string(), std::move(ids));
    }
    std::vector<storage::event> events() {
        return read(storage::events::list_after(store, owner.id, {}, 100)).items;
    }
    std::size_t accounts() {
        return read(storage::accounts::list(store, owner.id, {}, {}, 100)).items.size();
    }

    bool app_made = false;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(choices_test, choices_fixture)

BOOST_AUTO_TEST_CASE(a_consent_that_reaches_several_pages_waits_for_a_choice) {
    auto const made = begin();
    answer_grant({"1", "2"});
    clock.advance(1min);
    auto const went = ok(callbacks.callback(query_of(made)));
    BOOST_REQUIRE(went.waiting.has_value());
    BOOST_REQUIRE(went.waiting->browser.has_value()); // one that it had not yet
    BOOST_TEST(went.accounts.empty());
    BOOST_TEST(!went.why.has_value());
    auto const now_there = row(made).record;
    BOOST_TEST((now_there.status == session_status::choosing));
    BOOST_TEST((now_there.expires_at == clock.now() + 30min));
    BOOST_TEST(now_there.secrets.empty());
    BOOST_TEST(is_bound(now_there, *went.waiting->browser));
    BOOST_TEST(events().empty());
    BOOST_TEST(accounts() == 0U);
    for (auto const* const secret : {"token-of-ada", "token-of-1", "Page 1", "Ada Marlow"}) {
        BOOST_TEST(!holds(store.below, secret), secret);
    }
    auto const shown = ok(sessions.get(owner.id, made.id.to_string()));
    BOOST_TEST(shown.status == "choosing");
    BOOST_REQUIRE_EQUAL(shown.candidates.size(), 2U);
    BOOST_TEST(shown.candidates[1].display_name == "Page 2");
}

BOOST_AUTO_TEST_CASE(the_chosen_are_connected_in_one_batch_and_nothing_else) {
    auto const made = waiting();
    auto const seals = store.commits;
    auto const done = ok(choose(made, {"3", "1"}));
    BOOST_TEST(store.commits == seals + 1);
    BOOST_REQUIRE_EQUAL(done.accounts.size(), 2U);
    BOOST_TEST(done.accounts[0].platform_user_id == "3");
    BOOST_TEST(done.accounts[0].kind == "page");
    BOOST_TEST(done.accounts[0].grant_owner == "ada");
    BOOST_TEST(done.session.status == "completed");
    BOOST_TEST((done.session.account == done.accounts[0].id));
    BOOST_REQUIRE_EQUAL(done.session.accounts.size(), 2U);
    BOOST_TEST((done.session.accounts[1] == done.accounts[1].id));
    BOOST_TEST(done.session.candidates.empty());
    BOOST_TEST(row(made).record.choices.empty());
    BOOST_TEST(accounts() == 2U);
    BOOST_TEST(events().size() == 2U);
    auto const token = read(storage::tokens::get(store, owner.id, done.accounts[1].id)).value();
    BOOST_TEST(ok(open_token(keys, token.record)).access_token.reveal() == "token-of-1");
    BOOST_TEST(token.version == row(made).version);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_refused_choice_leaves_the_session_waiting) {
    auto const made = waiting();
    BOOST_TEST(refusal(choose(made, {})) == errc::field_invalid);
    BOOST_TEST(failed(choose(made, {"1", "9"})).field == "candidate_ids/1");
    BOOST_TEST(failed(choose(made, {"1", "1"})).field == "candidate_ids/1");
    BOOST_TEST((row(made).record.status == session_status::choosing));
    ok(choose(made, {"1"}));
}

BOOST_AUTO_TEST_CASE(a_choice_is_made_once_and_in_its_time) {
    auto const early = begin();
    BOOST_TEST(refusal(choose(early, {"1"})) == errc::session_not_choosing);
    auto const late = waiting();
    clock.advance(30min - 1ms);
    auto const used = waiting();
    ok(choose(used, {"1"}));
    BOOST_TEST(refusal(choose(used, {"2"})) == errc::session_used);
    clock.advance(1ms);
    BOOST_TEST(refusal(choose(late, {"1"})) == errc::session_expired);
    BOOST_TEST(ok(sessions.get(owner.id, late.id.to_string())).status == "expired");
    BOOST_TEST(ok(sessions.get(owner.id, late.id.to_string())).candidates.empty());
    BOOST_TEST(accounts() == 1U);
}

BOOST_AUTO_TEST_CASE(of_two_who_choose_at_once_one_wins) {
    auto const made = waiting();
    auto const one = tests::start(io, choose(made, {"1"}));
    auto const two = tests::start(io, choose(made, {"2"}));
    auto const first = tests::finish(io, one);
    auto const second = tests::finish(io, two);
    BOOST_TEST(first.has_value() != second.has_value());
    auto const& loser = first.has_value() ? second : first;
    BOOST_TEST(loser.error().code == make_error_code(errc::session_used));
    BOOST_TEST(accounts() == 1U);
}

BOOST_AUTO_TEST_CASE(another_workspace_has_no_such_session) {
    auto const made = waiting();
    auto const other = workspace("other");
    BOOST_TEST(refusal(chooser.choose(other.id, made.id.to_string(), {"1"})) == errc::session_not_found);
    BOOST_TEST(refusal(chooser.choose(owner.id, "cs_nonsense", {"1"})) == errc::session_not_found);
    ok(choose(made, {"1"}));
}

BOOST_AUTO_TEST_CASE(a_store_that_refuses_leaves_the_choice_open) {
    auto const made = waiting();
    auto const before = everything_in(store.below);
    store.below.fail_writes("disk full");
    BOOST_TEST(is_store_unavailable(failed(choose(made, {"1"})).code));
    BOOST_TEST((everything_in(store.below) == before));
    BOOST_TEST(claims.take(made.id).has_value());
}

BOOST_AUTO_TEST_CASE(only_the_browser_of_the_consent_sees_the_page) {
    auto const made = waiting();
    auto const id = made.id.to_string();
    auto const page = ok(sessions.open_page(id, adas()));
    BOOST_TEST(page.session.candidates.size() == 3U);
    BOOST_TEST(page.authorize_url.empty());
    BOOST_TEST(page.platform_title == "Flock");
    BOOST_TEST(refusal(sessions.open_page(id, sessions::new_browser())) == errc::state_foreign);
    BOOST_TEST(refusal(chooser.submit(id, sessions::new_browser(), {"1"})) == errc::state_foreign);
    BOOST_TEST(refusal(chooser.cancel(id, sessions::new_browser())) == errc::state_foreign);
    auto const ended = ok(chooser.submit(id, adas(), {"2"}));
    BOOST_REQUIRE_EQUAL(ended.accounts.size(), 1U);
    BOOST_TEST(ended.accounts[0].platform_user_id == "2");
    BOOST_TEST(refusal(sessions.open_page(id, adas())) == errc::session_used);
}

BOOST_AUTO_TEST_CASE(a_program_that_chooses_keeps_the_page_to_itself) {
    session_wish wish;
    wish.choose = "api";
    auto const made = begin(wish);
    BOOST_TEST(made.choose == "api");
    answer_grant({"1", "2"});
    auto const went = ok(callbacks.callback(query_of(made, "ada's")));
    BOOST_REQUIRE(went.waiting.has_value());
    BOOST_TEST(!went.waiting->browser.has_value());
    BOOST_TEST(refusal(sessions.open_page(made.id.to_string(), adas())) == errc::session_used);
    BOOST_TEST(refusal(chooser.submit(made.id.to_string(), adas(), {"1"})) == errc::state_foreign);
    ok(choose(made, {"1"}));
    wish.choose = "me";
    BOOST_TEST(failed(sessions.create(owner.id, wish)).field == "choose");
}

BOOST_AUTO_TEST_CASE(a_cancelled_choice_connects_nothing) {
    auto const made = waiting();
    auto const ended = ok(chooser.cancel(made.id.to_string(), adas()));
    BOOST_REQUIRE(ended.why.has_value());
    BOOST_TEST(ended.why->code == make_error_code(errc::consent_denied));
    auto const now_there = row(made).record;
    BOOST_TEST((now_there.status == session_status::cancelled));
    BOOST_TEST(now_there.choices.empty());
    BOOST_REQUIRE_EQUAL(events().size(), 1U);
    BOOST_TEST(events()[0].type == "connect.failed");
    BOOST_TEST(refusal(choose(made, {"1"})) == errc::session_used);
}

BOOST_AUTO_TEST_CASE(one_page_alone_is_connected_at_once) {
    auto const made = begin();
    answer_grant({"1"});
    auto const went = ok(callbacks.callback(query_of(made)));
    BOOST_REQUIRE_EQUAL(went.accounts.size(), 1U);
    BOOST_TEST(went.accounts[0].platform_user_id == "1");
    BOOST_TEST(went.accounts[0].grant_owner == "ada");
    BOOST_TEST((row(made).record.status == session_status::completed));
}

BOOST_AUTO_TEST_CASE(a_reconnect_takes_its_own_page_and_no_other) {
    auto const first = ok(choose(waiting(), {"2"})).accounts[0];
    session_wish again;
    again.account_id = first.id.to_string();
    auto const made = begin(again);
    answer_grant({"1", "2", "3"});
    auto const went = ok(callbacks.callback(query_of(made)));
    BOOST_REQUIRE_EQUAL(went.accounts.size(), 1U);
    BOOST_TEST((went.accounts[0].id == first.id));
    auto const rows_now = events(); // those of one millisecond have no order
    BOOST_TEST(std::ranges::count(rows_now, "account.reconnected", &storage::event::type) == 1);

    auto const other = begin(again);
    answer_grant({"1", "3"});
    auto const refused = ok(callbacks.callback(query_of(other)));
    BOOST_REQUIRE(refused.why.has_value());
    BOOST_TEST(refused.why->code == make_error_code(errc::identity_mismatch));
    for (auto const* const name : {"Page 2 (2)", "Page 1 (1)", "Page 3 (3)"}) {
        BOOST_TEST(refused.why->detail.find(name) != std::string::npos, name);
    }
    BOOST_TEST((row(other).record.status == session_status::failed));
    BOOST_TEST(accounts() == 1U);
}

BOOST_AUTO_TEST_CASE(the_same_page_in_one_profile_is_one_account_and_in_two_it_is_two) {
    auto const first = ok(choose(waiting(), {"1", "2"})).accounts;
    auto const second = ok(choose(waiting(), {"2", "3"})).accounts;
    BOOST_TEST((second[0].id == first[1].id));
    BOOST_TEST(accounts() == 3U);
    session_wish elsewhere;
    elsewhere.profile_id =
        ok(profiles.create(owner.id, {.name = "Ben", .external_id = {}, .metadata = {}})).id.to_string();
    auto const third = ok(choose(waiting(elsewhere), {"2"})).accounts;
    BOOST_TEST((third[0].id != first[1].id));
    BOOST_TEST(accounts() == 4U);
}

BOOST_AUTO_TEST_CASE(a_list_that_cannot_be_had_ends_the_session) {
    auto const fails_with = [&](session_view const& made, std::string_view code) {
        auto const went = ok(callbacks.callback(query_of(made)));
        BOOST_REQUIRE(went.why.has_value());
        BOOST_TEST(public_code(*went.why) == code);
        BOOST_TEST((row(made).record.status == session_status::failed));
        BOOST_TEST(row(made).record.error_code == code);
    };
    auto const answer_person = [&] {
        client.answer(200, R"({"access_token":"token-of-ada"})");
        client.answer(200, R"({"id":"ada","name":"Ada Marlow"})");
    };
    answer_person();
    client.answer(503, "");
    fails_with(begin(), "platform_unavailable");
    answer_person();
    client.answer(200, R"({"data":"nonsense"})");
    fails_with(begin(), "platform_answer_invalid");
    answer_grant({});
    auto const none = begin();
    fails_with(none, "flock.pages.none");
    BOOST_TEST(row(none).record.error_description == "Tick a page in Flock's window.");
    BOOST_TEST(accounts() == 0U);
}

BOOST_AUTO_TEST_CASE(a_waiting_grant_cannot_be_moved_to_another_session) {
    auto const victim = waiting();
    auto const mine = waiting();
    auto const old = row(mine);
    auto changed = old.record;
    changed.choices = row(victim).record.choices;
    storage::write_batch batch;
    storage::sessions::replace(batch, old, changed);
    read(store.commit(std::move(batch)));
    BOOST_TEST(refusal(choose(mine, {"1"})) == errc::sealed_value_damaged);
    BOOST_TEST(refusal(sessions.get(owner.id, mine.id.to_string())) == errc::sealed_value_damaged);
    ok(choose(victim, {"1"}));
}

BOOST_AUTO_TEST_CASE(a_choice_nobody_makes_is_swept_and_its_grant_wiped) {
    auto const made = waiting();
    session_sweeper sweeper{store, clock, claims};
    clock.advance(30min - 1ms);
    BOOST_TEST(ok(sweeper.run()).expired == 0U);
    clock.advance(1ms);
    BOOST_TEST(ok(sweeper.run()).expired == 1U);
    auto const ended = row(made).record;
    BOOST_TEST((ended.status == session_status::expired));
    BOOST_TEST(ended.choices.empty());
    BOOST_TEST(ended.error_code == "session_expired");
    BOOST_TEST(events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_second_callback_finds_the_state_spent) {
    auto const made = waiting();
    BOOST_TEST(refusal(callbacks.callback(query_of(made, "ada's"))) == errc::session_used);
    BOOST_TEST(client.done());
    BOOST_TEST((row(made).record.status == session_status::choosing));
}

BOOST_AUTO_TEST_CASE(a_page_that_is_opened_just_before_the_wait_begins_does_not_take_it_over) {
    auto const made = begin();
    answer_grant({"1", "2"});
    auto const old = row(made);
    store.before_commit = [&] {
        auto opened = old.record;
        opened.browser_digest = browser_digest(crypto::secret::copy_of("somebody else's"));
        storage::write_batch batch;
        storage::sessions::replace(batch, old, opened);
        boost::asio::io_context own{1};
        BOOST_TEST(tests::run(own, store.below.commit(std::move(batch))).has_value());
    };
    auto const went = ok(callbacks.callback(query_of(made, "ada's")));
    BOOST_TEST(went.waiting.has_value());
    BOOST_TEST(is_bound(row(made).record, adas()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

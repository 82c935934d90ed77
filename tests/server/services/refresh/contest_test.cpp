// Goal: whoever gets in between a refresh's reading and its writing loses nothing and is not overwritten.
// Method: a store that lets others do something just before a commit.
#include "server/services/disconnects.hpp"
#include "tests/server/services/refresh/support.hpp"

namespace connectd::server::services::refresh::testing {
namespace {

struct contest_fixture : contested_world {
    // Runs `work` to its end over the store below, just before the commit that comes after `skipped` others.
    template <class Make>
    void between(int skipped, Make make) {
        store.before_commit = [this, skipped, make] {
            if (skipped > 0) {
                between(skipped - 1, make);
                return;
            }
            boost::asio::io_context own{1};
            BOOST_TEST(tests::run(own, make()).has_value());
        };
    }
    runtime::task<outcome<std::vector<account_view>>> reconnect(std::string number) {
        auto made = connection("x", "refresh-" + number);
        made.accounts[0].tokens.access_token = crypto::secret::copy_of("access-" + number);
        return commits.store(std::move(made));
    }
    // Somebody changes the account and not its token.
    runtime::task<outcome<void>> rename() {
        auto row = co_await storage::accounts::get(store.below, owner.id, id);
        auto updated = row.value()->record;
        updated.display_name = "Renamed";
        storage::write_batch batch;
        storage::accounts::replace(batch, **row, updated);
        auto const written = co_await store.below.commit(std::move(batch));
        if (written.has_error()) {
            co_return written.error();
        }
        co_return outcome<void>{};
    }
    void is_disconnected_meanwhile(row_wish wish) {
        connect();
        answer_tokens("2");
        tests::scripted_client other;
        other.answer(200, "{}");
        other.answer(200, "{}");
        disconnects service{store.below, keys, catalog, other, clock, chosen, refreshes, tasks, resolver};
        between(1, [&] { return service.disconnect(owner.id, id.to_string(), {.row = wish}); });
        BOOST_TEST(ask().how == result::not_possible);
        auto const left = read(storage::accounts::get(store, owner.id, id));
        BOOST_TEST(left.has_value() == (wish == row_wish::keep));
        BOOST_TEST((!left || left->record.status == storage::account_status::disconnected));
        BOOST_TEST(!read(storage::tokens::get(store, owner.id, id)).has_value());
        BOOST_TEST(dues().empty());
        BOOST_TEST(told() == "account.disconnected");
        // What came too late is to be given back.
        auto const owed = read(storage::revocations::list_due(store, clock.now(), {}, 10)).items;
        BOOST_REQUIRE(owed.size() == 1U);
        auto const late = ok(open_token(keys, owed[0].record));
        BOOST_TEST(late.refresh_token.value().reveal() == "refresh-2");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(contest_test, contest_fixture)

BOOST_AUTO_TEST_CASE(a_reconnect_while_the_platform_is_asked_wins) {
    connect();
    answer_tokens("2");
    between(1, [&] { return reconnect("9"); }); // the mark has been written
    auto const done = ask();
    BOOST_TEST(done.how == result::untouched);
    BOOST_TEST(access() == "access-9");
    BOOST_TEST(refresh_token() == "refresh-9");
    BOOST_TEST(token().generation == 2U);
    BOOST_TEST(!token().spending_since.has_value());
    BOOST_TEST(told() == "account.reconnected");
    BOOST_TEST(dues().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_reconnect_just_before_the_mark_is_what_is_refreshed) {
    connect();
    answer_tokens("2");
    between(0, [&] { return reconnect("9"); });
    BOOST_TEST(ask().how == result::refreshed);
    BOOST_REQUIRE(client.sent.size() == 1U);
    BOOST_TEST(client.sent[0].body.find("refresh-9") != std::string::npos);
    BOOST_TEST(token().generation == 3U);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_a_token_that_was_replaced_meanwhile_ends_nothing) {
    connect();
    refuse();
    between(1, [&] { return reconnect("9"); });
    BOOST_TEST(ask().how == result::untouched);
    BOOST_TEST((account().status == storage::account_status::active));
    BOOST_TEST(told() == "account.reconnected");
}

BOOST_AUTO_TEST_CASE(a_failure_of_a_token_that_was_replaced_meanwhile_is_forgotten) {
    connect();
    client.answer(503, "");
    between(1, [&] { return reconnect("9"); });
    BOOST_TEST(ask().how == result::untouched);
    BOOST_TEST(token().failures == 0U);
    BOOST_TEST(told() == "account.reconnected");
}

BOOST_AUTO_TEST_CASE(a_change_of_the_account_costs_no_token) {
    connect();
    answer_tokens("2");
    between(1, [&] { return rename(); });
    BOOST_TEST(ask().how == result::refreshed);
    BOOST_TEST(access() == "access-2");
    BOOST_TEST(account().display_name == "Renamed");
    BOOST_TEST(dues().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_account_that_is_disconnected_meanwhile_stays_so) {
    is_disconnected_meanwhile(row_wish::keep);
}

BOOST_AUTO_TEST_CASE(an_account_that_is_dropped_meanwhile_stays_so) {
    is_disconnected_meanwhile(row_wish::drop);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing

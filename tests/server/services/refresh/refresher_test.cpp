// One flight an account, whoever asks and whoever leaves.
#include "tests/server/services/refresh/support.hpp"

#include <boost/asio/cancellation_type.hpp>

namespace connectd::server::services::refresh::testing {
namespace {

struct refresher_fixture : plain_world {
    std::shared_ptr<tests::running<report>> begin(order what) {
        return tests::start(io, refreshes_one.refresh(what));
    }
    order asked() const { return {.workspace = owner.id, .account = id}; }
    order timed() const { return {.workspace = owner.id, .account = id, .by_timer = true}; }
    void run_some() {
        io.restart();
        io.poll();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(refresher_test, refresher_fixture)

BOOST_AUTO_TEST_CASE(all_who_ask_at_once_share_one_call_and_its_outcome) {
    connect();
    clock.set(account().next_refresh_at.value());
    client.hold();
    answer_tokens("2");
    auto const first = begin(timed());
    auto const second = begin(asked());
    run_some();
    auto const third = begin(asked());
    run_some();
    BOOST_TEST(client.sent.size() == 1U);
    BOOST_TEST(!first->finished);
    client.let_go();
    for (auto const& each : {first, second, third}) {
        BOOST_TEST(tests::finish(io, each).how == result::refreshed);
    }
    BOOST_TEST(client.sent.size() == 1U);
    BOOST_TEST(token().generation == 2U);
    answer_tokens("3");
    BOOST_TEST(ask().how == result::refreshed);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_to_all_and_written_once) {
    connect();
    client.hold();
    refuse();
    auto const first = begin(asked());
    auto const second = begin(asked());
    run_some();
    client.let_go();
    BOOST_TEST(tests::finish(io, first).how == result::refused);
    BOOST_TEST(tests::finish(io, second).how == result::refused);
    BOOST_TEST(told() == "token.revoked");
}

BOOST_AUTO_TEST_CASE(who_leaves_ends_nothing) {
    connect();
    client.hold();
    answer_tokens("2");
    auto const only = begin(asked());
    run_some();
    only->cancel.emit(boost::asio::cancellation_type::terminal);
    run_some();
    BOOST_TEST((only->thrown != nullptr));
    client.let_go();
    run_some();
    BOOST_TEST(access() == "access-2");
    BOOST_TEST(tasks.running() == 0U);
}

BOOST_AUTO_TEST_CASE(accounts_do_not_wait_for_each_other) {
    connect();
    auto const first = id;
    auto other = connection();
    other.accounts[0].who.id = "8";
    connect(std::move(other));
    client.hold();
    auto const held = begin({.workspace = owner.id, .account = first});
    run_some();
    auto const second = begin(asked());
    run_some();
    BOOST_TEST(client.sent.size() == 2U);
    answer_tokens("2");
    answer_tokens("3");
    client.let_go();
    BOOST_TEST(tests::finish(io, held).how == result::refreshed);
    BOOST_TEST(tests::finish(io, second).how == result::refreshed);
}

BOOST_AUTO_TEST_CASE(who_asks_gets_a_refresh_although_the_timer_finds_it_too_early) {
    connect();
    answer_tokens("2");
    auto const early = begin(timed());
    auto const wanted = begin(asked());
    BOOST_TEST(tests::finish(io, wanted).how == result::refreshed);
    BOOST_TEST(tests::finish(io, early).how == result::untouched);
}

BOOST_AUTO_TEST_CASE(nothing_begins_once_the_group_is_closed) {
    connect();
    tasks.close();
    BOOST_CHECK_THROW(ask(), boost::system::system_error);
    BOOST_TEST(client.sent.empty());
}

BOOST_AUTO_TEST_CASE(how_refreshes_end_is_counted) {
    connect();
    answer_tokens("2");
    ask();
    client.answer(503, "");
    ask();
    auto const text = metrics.expose();
    BOOST_TEST(text.find(R"(connectd_refreshes_total{platform="x",result="refreshed"} 1)") !=
               std::string::npos);
    BOOST_TEST(text.find(R"(connectd_refreshes_total{platform="x",result="temporary"} 1)") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing

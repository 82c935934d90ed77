// The whole of the background's refreshing over a store in memory: what is due gets done, in time, a few at a
// time, through outages and restarts.
#include "server/services/refresh/desk.hpp"
#include "server/services/refresh/scheduler.hpp"
#include "tests/server/services/refresh/support.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

namespace connectd::server::services::refresh::testing {
namespace {

// A platform that answers everybody at once, or nobody, and counts.
class busy_platform final : public platforms::http::client {
  public:
    platforms::task<platforms::result<platforms::http::response>> send(platforms::http::request what,
                                                                       platforms::deadline) override {
        ++calls;
        at_once = std::max(at_once, ++now);
        auto const context = co_await boost::asio::this_coro::executor;
        for (int turn = 0; turn < 3; ++turn) {
            co_await boost::asio::post(context, runtime::use_task);
        }
        --now;
        auto sent = what.body.substr(what.body.find("refresh_token=") + 14);
        sent.erase(std::min(sent.find('&'), sent.size()));
        replayed = replayed || (!down && !spent.insert(sent).second);
        order.push_back(std::move(sent));
        if (down) {
            co_return tests::reply(503, "");
        }
        auto const number = std::to_string(++given);
        co_return tests::reply(200, R"({"access_token":"a)" + number + R"(","refresh_token":"r)" + number +
                                        R"(","expires_in":7200})");
    }

    bool down = false;
    bool replayed = false;          // a refresh token came twice
    std::vector<std::string> order; // of the tokens that came
    std::size_t calls = 0;
    std::size_t now = 0;
    std::size_t at_once = 0;

  private:
    std::size_t given = 0;
    std::set<std::string> spent;
};

struct scheduler_fixture : plain_world {
    busy_platform platform;
    spender does_it{store, keys, catalog, platform, clock, chosen, resolver, 8};
    runtime::task_group work{io.get_executor(), "work"};
    refresher one_each{does_it, counted, work};
    notices tells{store, catalog, clock, chosen};
    scheduler::options limits{
        .plan = {.horizon = 10min,
                 .lane_limit = 40,
                 .at_once = 20,
                 .lane = {.failures = 3, .first_pause = 30s, .longest_pause = 5min, .at_once = 8}},
        .interval = 1ms,
        .page = 25};
    runtime::task_group loop{io.get_executor(), "loop"};
    std::unique_ptr<scheduler> runs;

    ~scheduler_fixture() { stop(); }

    void start() {
        runs = std::make_unique<scheduler>(
            scheduler::parts{store, clock, one_each, tells, refreshes, counted, work}, limits,
            io.get_executor());
        refreshes.open({one_each, work, io.get_executor(), std::bind_front(&scheduler::changed, runs.get()),
                        std::bind_front(&scheduler::refreshed, runs.get())});
        loop.spawn("scheduler", runs->run());
    }
    void stop() {
        loop.cancel();
        until([&] { return loop.running() == 0 && work.running() == 0; });
    }
    template <class Condition>
    bool until(Condition done) {
        for (int turn = 0; turn < 200'000; ++turn) {
            if (done()) {
                return true;
            }
            io.restart();
            io.run_one();
        }
        return done();
    }
    // Enough turns for the scheduler to have looked at the clock several times.
    void settle_down() {
        for (int ticks = 0; ticks < 3; ++ticks) {
            io.restart();
            io.run_one();
            io.restart();
            io.poll();
        }
    }
    std::vector<crypto::account_id> connect_many(std::size_t count, std::string name = "x") {
        std::vector<crypto::account_id> made_ids;
        for (std::size_t number = 0; number < count; ++number) {
            auto made = connection(name, "first-" + name + std::to_string(number));
            made.accounts[0].who.id = name + "-" + std::to_string(number);
            connect(std::move(made));
            made_ids.push_back(id);
        }
        return made_ids;
    }
    std::size_t refreshed() {
        return static_cast<std::size_t>(
            std::ranges::count(all_events(), "token.refreshed", &storage::event::type));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(scheduler_test, scheduler_fixture)

BOOST_AUTO_TEST_CASE(an_account_is_kept_alive_by_itself) {
    connect();
    start();
    settle_down();
    BOOST_TEST(platform.calls == 0U);
    for (std::size_t round = 1; round <= 100; ++round) {
        clock.set(account().next_refresh_at.value() - 1ms);
        settle_down();
        BOOST_TEST(platform.calls == round - 1);
        clock.advance(1ms);
        BOOST_REQUIRE(until([&] { return token().generation == round + 1 && work.running() == 0; }));
        BOOST_TEST((account().access_expires_at.value() > clock.now()));
    }
    BOOST_TEST(!platform.replayed);
}

BOOST_AUTO_TEST_CASE(what_piled_up_before_the_start_is_done_a_few_at_a_time) {
    connect_many(300);
    clock.advance(days{2});
    start();
    BOOST_TEST(until([&] { return refreshed() == 300U; }));
    BOOST_TEST(platform.calls == 300U);
    BOOST_TEST(platform.at_once == 8U);
    BOOST_TEST(!platform.replayed);
    settle_down();
    BOOST_TEST(platform.calls == 300U);
}

BOOST_AUTO_TEST_CASE(the_most_urgent_come_first) {
    for (auto const* const lane : {"x", "stays"}) {
        connect_many(60, lane);
    }
    clock.advance(1h);
    connect(connection("x", "late"));
    clock.advance(days{100});
    start();
    BOOST_TEST(until([&] { return refreshed() == 121U; }));
    // Of each platform at most eight are under way at once, so the last one to be due is among the last
    // eight.
    std::erase_if(platform.order, [](auto const& sent) { return sent.starts_with("first-stays"); });
    auto const place = std::ranges::find(platform.order, "late") - platform.order.begin();
    BOOST_TEST(place >= 61 - 8);
}

BOOST_AUTO_TEST_CASE(an_account_that_comes_while_it_runs_needs_no_restart) {
    start();
    settle_down();
    auto soon = connection();
    soon.accounts[0].tokens.expires_in = 10min; // due in five
    connect(std::move(soon));
    connect_many(1); // due in two hours
    clock.advance(5min);
    BOOST_TEST(until([&] { return refreshed() == 1U; }));
    clock.advance(2h);
    BOOST_TEST(until([&] { return refreshed() >= 3U; }));
}

BOOST_AUTO_TEST_CASE(an_outage_costs_few_calls_and_everybody_is_back_after_it) {
    connect_many(100);
    start();
    platform.down = true;
    for (int hour = 0; hour < 72; ++hour) {
        for (int minute = 0; minute < 60; minute += 10) {
            clock.advance(10min);
            settle_down();
        }
    }
    BOOST_TEST(refreshed() == 0U);
    BOOST_TEST(platform.calls < 1000U); // a probe now and then, and not each account for itself
    BOOST_TEST(metrics.expose().find(R"(connectd_refresh_breakers_open{platform="x"} 1)") !=
               std::string::npos);
    for (auto const& each : all_events()) {
        BOOST_TEST((each.type == "account.connected" || each.type == "token.refresh_failed"));
    }
    platform.down = false;
    platform.at_once = 0;
    for (int minute = 0; minute < 120; ++minute) {
        clock.advance(1min);
        settle_down();
    }
    BOOST_TEST(until([&] { return refreshed() >= 100U; }));
    BOOST_TEST(!platform.replayed);
    BOOST_TEST(metrics.expose().find(R"(connectd_refresh_breakers_open{platform="x"} 0)") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_request_leaves_behind_is_done_by_the_timer) {
    connect();
    start();
    settle_down();
    platform.down = true;
    auto const asked = tests::start(io, refreshes.refresh({.workspace = owner.id, .account = id}));
    BOOST_TEST(tests::finish(io, asked).how == result::temporary);
    platform.down = false;
    clock.advance(1min); // long before it would have been due
    BOOST_TEST(until([&] { return token().generation == 2U; }));
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_counts_like_what_is_due) {
    auto const all = connect_many(60);
    clock.advance(2h);
    start();
    std::vector<std::shared_ptr<tests::running<report>>> asked;
    for (auto const account : all) {
        asked.push_back(tests::start(io, refreshes.refresh({.workspace = owner.id, .account = account})));
    }
    for (auto const& each : asked) {
        BOOST_TEST(tests::finish(io, each).how == result::refreshed);
    }
    BOOST_TEST(platform.at_once == 8U);
    BOOST_TEST(!platform.replayed);
}

BOOST_AUTO_TEST_CASE(notices_come_in_their_time) {
    connect("relogin");
    start();
    settle_down();
    clock.advance(days{53} - 1h);
    settle_down();
    BOOST_TEST(told().empty());
    clock.advance(1h);
    BOOST_TEST(until([&] { return told() == "token.expiring"; }));
    clock.advance(days{6});
    BOOST_TEST(until([&] { return told() == "token.expiring token.expiring"; }));
    clock.advance(days{1});
    BOOST_TEST(until([&] { return (account().status == storage::account_status::token_expired); }));
    BOOST_TEST(platform.calls == 0U);
}

BOOST_AUTO_TEST_CASE(a_stopped_scheduler_finishes_what_it_began_and_another_goes_on) {
    connect_many(20);
    clock.advance(2h);
    start();
    BOOST_REQUIRE(until([&] { return platform.now == 8U; }));
    work.close();
    stop();
    BOOST_TEST(refreshed() == 8U);
    BOOST_TEST(platform.calls == 8U);

    runtime::task_group next{io.get_executor(), "next"};
    refresher again{does_it, counted, next};
    scheduler successor{{store, clock, again, tells, refreshes, counted, next}, limits, io.get_executor()};
    runtime::task_group second{io.get_executor(), "second"};
    second.spawn("scheduler", successor.run());
    BOOST_TEST(until([&] { return refreshed() == 20U; }));
    BOOST_TEST(!platform.replayed);
    second.cancel();
    BOOST_TEST(until([&] { return second.running() == 0 && next.running() == 0; }));
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_nothing_is_waited_for) {
    connect_many(3);
    clock.advance(2h);
    store.fail_writes("the disk is full");
    start();
    settle_down();
    BOOST_TEST(platform.calls == 0U);
}

BOOST_AUTO_TEST_CASE(time_that_jumps_back_does_not_stop_it) {
    connect_many(3);
    start();
    settle_down();
    clock.advance(-std::chrono::milliseconds{days{30}});
    settle_down();
    BOOST_TEST(platform.calls == 0U);
    clock.advance(days{30} + 2h);
    BOOST_TEST(until([&] { return refreshed() == 3U; }));
}

BOOST_AUTO_TEST_CASE(the_figures_are_shown) {
    connect_many(30);
    start();
    clock.advance(110min); // they are due within minutes
    settle_down();
    BOOST_TEST(metrics.expose().find("connectd_refresh_waiting 30") != std::string::npos);
    clock.advance(1h);
    BOOST_TEST(until([&] { return refreshed() == 30U; }));
    BOOST_TEST(metrics.expose().find("connectd_refresh_lateness_seconds_count 30") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::refresh::testing

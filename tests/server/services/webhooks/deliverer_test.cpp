// Many endpoints side by side, over a client whose receivers answer, fail or hang as the test says.
#include "server/services/webhooks/deliverer.hpp"
#include "tests/server/services/webhooks/support.hpp"

#include <boost/asio/as_tuple.hpp>

#include <memory>
#include <set>

namespace connectd::server::services::webhooks::testing {
namespace {

// Receivers by their URL: those in `hanging` answer only when they are let go, the others with the status
// they have, 200 without one.
class receivers final : public platforms::http::client {
  public:
    platforms::task<platforms::result<platforms::http::response>> send(platforms::http::request what,
                                                                       platforms::deadline) override {
        sent.emplace_back(what.url, tests::header(what, "webhook-id"));
        if (hanging.contains(what.url)) {
            auto const context = co_await boost::asio::this_coro::executor;
            auto const held = std::make_shared<runtime::timer>(context, runtime::timer::time_point::max());
            waiting.push_back(held);
            co_await held->async_wait(runtime::use_tuple);
        }
        auto const found = statuses.find(what.url);
        co_return tests::reply(found == statuses.end() ? 200 : found->second, "");
    }

    void let_go() {
        hanging.clear();
        for (auto const& each : std::exchange(waiting, {})) {
            each->cancel();
        }
    }
    std::vector<std::string> to(std::string const& url) const {
        std::vector<std::string> ids;
        for (auto const& [where, id] : sent) {
            if (where == url) {
                ids.push_back(id);
            }
        }
        return ids;
    }

    std::set<std::string> hanging;
    std::map<std::string, unsigned> statuses;
    std::vector<std::pair<std::string, std::string>> sent;
    std::vector<std::shared_ptr<runtime::timer>> waiting;
};

struct deliverer_fixture : plain_world {
    receivers there;
    runtime::metrics_registry metrics;
    meters counted{metrics};
    courier brings{store, keys, there, clock, known};
    runtime::task_group tasks{io.get_executor(), "tasks"};
    runtime::task_group work{io.get_executor(), "webhooks"};
    std::optional<deliverer> sends;

    ~deliverer_fixture() {
        tasks.cancel();
        there.let_go();
        work.cancel();
        go_on();
    }

    void start(deliverer::options chosen = {}) {
        sends.emplace(brings, store, clock, counted, work, chosen, io.get_executor());
        tasks.spawn("deliverer", sends->run());
        go_on();
    }
    // Until everybody waits for something.
    void go_on() {
        io.restart();
        io.poll();
    }
    crypto::event_id told(std::string type = "account.connected") {
        auto const event = happens(std::move(type));
        sends->heard(owner.id);
        go_on();
        return event;
    }
    std::string url(int number) { return "https://hooks.example/" + std::to_string(number); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(deliverer_test, deliverer_fixture)

BOOST_AUTO_TEST_CASE(what_happened_before_the_start_is_sent_and_what_happens_then) {
    make_hook({}, url(1));
    auto const first = happens();
    start();
    auto const second = told();
    BOOST_TEST(there.to(url(1)) == (std::vector{first.to_string(), second.to_string()}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_sent_is_counted) {
    make_hook({}, url(1));
    make_hook({}, url(2));
    make_hook({}, url(3));
    there.statuses[url(2)] = 503;
    there.statuses[url(3)] = 410;
    happens();
    start();
    sends->heard(owner.id);
    go_on();
    auto const text = metrics.expose();
    for (std::string_view const line :
         {R"(connectd_webhook_attempts_total{result="delivered"} 2)", // 1 hears of the end of 3
          R"(connectd_webhook_attempts_total{result="failed"} 2)",
          R"(connectd_webhook_deliveries_total{result="delivered"} 2)",
          R"(connectd_webhook_deliveries_total{result="failed"} 1)",
          R"(connectd_webhook_endpoints_disabled_total{cause="gone"} 1)",
          R"(connectd_webhook_endpoints_disabled_total{cause="exhausted"} 0)",
          "connectd_webhook_attempts_under_way 0", "connectd_webhook_endpoints_failing 1",
          "connectd_webhook_endpoints_waiting 0"}) {
        BOOST_TEST(text.find(line) != std::string::npos, line);
    }
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_hangs_holds_up_no_other) {
    make_hook({}, url(1));
    make_hook({}, url(2));
    there.hanging.insert(url(1));
    start();
    for (int count = 0; count < 10; ++count) {
        told();
    }
    BOOST_TEST(there.to(url(1)).size() == 1U);
    BOOST_TEST(there.to(url(2)).size() == 10U);
    there.let_go();
    go_on();
    BOOST_TEST(there.to(url(1)) == there.to(url(2)), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(attempts_at_once_are_bounded_and_all_get_their_turn) {
    for (int number = 0; number < 6; ++number) {
        make_hook({}, url(number));
        there.hanging.insert(url(number));
    }
    start({.at_once = 2, .troubled_at_once = 1});
    told();
    BOOST_TEST(there.sent.size() == 2U);
    there.let_go();
    go_on();
    for (int number = 0; number < 6; ++number) {
        BOOST_TEST(there.to(url(number)).size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(those_that_failed_leave_room_for_the_others) {
    for (int number = 0; number < 4; ++number) {
        make_hook({}, url(number));
        there.statuses[url(number)] = 500;
    }
    start({.at_once = 3, .troubled_at_once = 1, .interval = 1ms});
    told();
    BOOST_TEST(there.sent.size() == 4U);
    make_hook({}, url(9));
    for (int number = 0; number < 4; ++number) {
        there.hanging.insert(url(number));
    }
    clock.advance(10s);
    auto const event = told();
    BOOST_TEST(there.waiting.size() == 1U); // of four that failed
    BOOST_TEST(there.to(url(9)) == std::vector{event.to_string()}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_failed_endpoint_is_tried_again_when_its_pause_is_over) {
    make_hook({}, url(1));
    there.statuses[url(1)] = 503;
    start();
    auto const first = told();
    auto const second = told();
    BOOST_TEST(there.to(url(1)).size() == 1U);
    there.statuses.clear();
    clock.advance(10s);
    sends->heard(owner.id); // as the clock's next tick does
    go_on();
    auto const name = first.to_string();
    BOOST_TEST(there.to(url(1)) == (std::vector{name, name, second.to_string()}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_no_writes_sends_nothing) {
    make_hook({}, url(1));
    happens();
    store.fail_writes("full");
    start();
    sends->heard(owner.id);
    go_on();
    BOOST_TEST(there.sent.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::webhooks::testing

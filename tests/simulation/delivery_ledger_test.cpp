// Goal: every rule about webhooks fires when it is broken, and none when it is kept. Method: what happens and
// what arrives, written by hand.
#include "tests/server/services/support.hpp"
#include "tests/simulation/delivery_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace connectd::simulation {
namespace {

using namespace std::chrono_literals;

struct book {
    book() { all.open(hook.to_string(), {}); }

    std::string happens(std::string type = "account.connected", std::string data = "{}") {
        now += 1s; // ids of one moment are in no order
        storage::event what;
        what.id = crypto::event_id::make(now);
        what.type = std::move(type);
        what.data = std::move(data);
        storage::write_batch batch;
        storage::events::create(batch, what);
        auto const written = batch.operations();
        all.committed({written.begin(), written.end()}, now);
        return what.id.to_string();
    }
    void ends(std::string const& cause) {
        happens("webhook.disabled",
                R"({"webhook_id":")" + hook.to_string() + R"(","cause":")" + cause + "\"}");
    }
    void become(storage::webhook_status status) {
        storage::webhook row;
        row.id = hook;
        row.status = status;
        storage::write_batch batch;
        storage::webhooks::put(batch, row);
        auto const written = batch.operations();
        all.committed({written.begin(), written.end()}, now);
    }
    void ask_again(std::string const& event) {
        storage::delivery row;
        row.webhook = hook;
        row.event = crypto::event_id::parse(event).value();
        row.attempts = 1;
        storage::write_batch batch;
        storage::deliveries::put(batch, row);
        auto const written = batch.operations();
        all.committed({written.begin(), written.end()}, now);
    }
    void broke(std::string_view rule) {
        BOOST_TEST_REQUIRE(all.violations().size() == 1U);
        BOOST_TEST(all.violations().front().starts_with(std::string{rule} + ":"), all.violations().front());
    }

    delivery_ledger all;
    sys_ms now = server::services::testing::start_of_time;
    crypto::webhook_id hook = crypto::webhook_id::make(now);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(delivery_ledger_test, book)

BOOST_AUTO_TEST_CASE(everything_once_or_twice_in_order_breaks_nothing) {
    auto const first = happens();
    auto const second = happens();
    all.arrived(0, first, now);
    all.arrived(0, second, now);
    all.arrived(0, first, now);
    all.audit(now + 24h);
    BOOST_TEST(all.violations().empty());
    BOOST_TEST(all.arrivals() == 3U);
}

BOOST_AUTO_TEST_CASE(an_event_before_an_earlier_one) {
    happens();
    all.arrived(0, happens(), now);
    broke("order");
}

BOOST_AUTO_TEST_CASE(an_event_that_did_not_happen) {
    all.arrived(0, crypto::event_id::make(now).to_string(), now);
    broke("forged");
}

BOOST_AUTO_TEST_CASE(a_type_that_was_not_asked_for) {
    all.open("another", {"token.revoked"});
    all.arrived(1, happens(), now);
    broke("forged");
}

BOOST_AUTO_TEST_CASE(an_event_never_arrives) {
    all.arrived(0, happens(), now);
    happens();
    all.disturbed(now + 3h);
    all.audit(now + 2h);
    BOOST_TEST(all.violations().empty());
    all.audit(now + 4h);
    broke("owed");
}

BOOST_AUTO_TEST_CASE(an_event_that_was_asked_for_once_more_never_arrives) {
    auto const event = happens();
    all.arrived(0, event, now);
    ask_again(event);
    all.arrived(0, event, now);
    all.audit(now + 2h);
    BOOST_TEST(all.violations().empty());
    ask_again(event);
    all.audit(now + 2h);
    broke("owed");
}

BOOST_AUTO_TEST_CASE(an_endpoint_gets_something_while_it_is_paused) {
    auto const event = happens();
    become(storage::webhook_status::paused);
    now += 30s; // it was on its way
    all.arrived(0, event, now);
    become(storage::webhook_status::active);
    now += 1h;
    all.arrived(0, event, now);
    BOOST_TEST(all.violations().empty());
    become(storage::webhook_status::paused);
    now += 2min;
    all.arrived(0, event, now);
    broke("paused");
}

BOOST_AUTO_TEST_CASE(an_endpoint_is_given_up) {
    ends("exhausted");
    broke("given_up");
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_is_gone_is_disabled_once) {
    all.said_gone(0, now);
    ends("gone");
    BOOST_TEST(all.violations().empty());
    ends("gone");
    broke("given_up");
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_is_gone_is_asked_on) {
    for (int times = 0; times < 9; ++times) {
        all.said_gone(0, now);
    }
    broke("given_up");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::simulation

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
    book() { all.open({}); }

    std::string happens(std::string type = "account.connected") {
        now += 1s; // ids of one moment are in no order
        storage::event what;
        what.id = crypto::event_id::make(now);
        what.type = std::move(type);
        storage::write_batch batch;
        storage::events::create(batch, what);
        auto const written = batch.operations();
        all.committed({written.begin(), written.end()}, now);
        return what.id.to_string();
    }
    void broke(std::string_view rule) {
        BOOST_TEST_REQUIRE(all.violations().size() == 1U);
        BOOST_TEST(all.violations().front().starts_with(std::string{rule} + ":"), all.violations().front());
    }

    delivery_ledger all;
    sys_ms now = server::services::testing::start_of_time;
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
    all.open({"token.revoked"});
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

BOOST_AUTO_TEST_CASE(an_endpoint_is_given_up) {
    happens("webhook.disabled");
    broke("given_up");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::simulation

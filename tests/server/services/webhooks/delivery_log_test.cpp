#include "server/services/webhooks/delivery_log.hpp"
#include "server/services/webhooks/delivery_sweeper.hpp"
#include "tests/server/services/webhooks/support.hpp"

namespace connectd::server::services::webhooks::testing {
namespace {

using state = courier::state;

struct delivery_log_fixture : plain_world {
    delivery_sweeper sweeper{store, clock};

    std::vector<std::string> listed(std::optional<std::string> status = {}, std::size_t limit = 20) {
        std::vector<std::string> found;
        page_request page{.limit = limit, .cursor = {}};
        do {
            auto const part = ok(log.list(owner.id, name(), status, page));
            BOOST_TEST(part.items.size() <= limit);
            for (auto const& each : part.items) {
                found.push_back(each.event.to_string());
            }
            page.cursor = part.next_cursor;
        } while (page.cursor);
        return found;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(delivery_log_test, delivery_log_fixture)

BOOST_AUTO_TEST_CASE(what_was_sent_is_listed_latest_first_and_by_its_status) {
    make_hook();
    std::vector<std::string> all;
    for (int count = 0; count < 5; ++count) {
        all.insert(all.begin(), happens().to_string());
    }
    for (int count = 0; count < 4; ++count) {
        BOOST_TEST(brought(200) == state::moved);
    }
    BOOST_TEST(brought(500) == state::waits);
    for (std::size_t const limit : {1U, 2U, 5U, 20U}) {
        BOOST_TEST(listed({}, limit) == all, boost::test_tools::per_element());
        BOOST_TEST(listed("delivered", limit) == (std::vector(all.begin() + 1, all.end())),
                   boost::test_tools::per_element());
    }
    BOOST_TEST(listed("retrying") == std::vector{all.front()}, boost::test_tools::per_element());
    BOOST_TEST(listed("failed").empty());
    BOOST_TEST(failed(log.list(owner.id, name(), "sent", {})).field == "status");
    BOOST_TEST(failed(log.list(owner.id, name(), {}, {.limit = 1, .cursor = "elsewhere"})).field == "cursor");
}

BOOST_AUTO_TEST_CASE(what_was_delivered_is_sent_again_before_the_others) {
    make_hook();
    auto const first = happens();
    BOOST_TEST(brought(200) == state::moved);
    auto const second = happens();
    BOOST_TEST(ok(log.redeliver(owner.id, name(), first.to_string())).status == "queued");
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(step().how == state::idle);
    BOOST_TEST(sent_ids() == (std::vector{first.to_string(), first.to_string(), second.to_string()}),
               boost::test_tools::per_element());
    BOOST_TEST(sent_of(first).attempts == 2U);
    BOOST_TEST((refusal(log.redeliver(owner.id, name(), happens().to_string())) == errc::delivery_not_found));
}

BOOST_AUTO_TEST_CASE(what_waits_for_its_next_attempt_does_not_wait_any_more) {
    make_hook();
    auto const event = happens();
    BOOST_TEST(brought(500) == state::waits);
    BOOST_TEST(ok(log.redeliver(owner.id, name(), event.to_string())).status == "retrying");
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST((sent_of(event).status == delivery_status::delivered));
}

BOOST_AUTO_TEST_CASE(a_test_event_reaches_this_endpoint_alone) {
    make_hook({"token.revoked"});
    auto const other = name();
    make_hook({"token.revoked"});
    auto const queued = ok(log.send_test(owner.id, name()));
    BOOST_TEST(queued.type == "webhook.test");
    BOOST_TEST(brought(200) == state::moved);
    BOOST_TEST(sent_ids() == std::vector{queued.event.to_string()}, boost::test_tools::per_element());
    id = crypto::webhook_id::parse(other).value();
    BOOST_TEST(step().how == state::idle);
    BOOST_TEST(all_events().empty());
    ok(hooks.pause(owner.id, name()));
    BOOST_TEST((refusal(log.send_test(owner.id, name())) == errc::webhook_not_active));
}

BOOST_AUTO_TEST_CASE(old_deliveries_are_forgotten_and_those_of_a_deleted_endpoint) {
    make_hook();
    happens();
    BOOST_TEST(brought(200) == state::moved);
    ok(log.send_test(owner.id, name()));
    BOOST_TEST(brought(200) == state::moved);
    clock.advance(delivery_sweeper::retention);
    auto const young = happens();
    BOOST_TEST(brought(200) == state::moved);
    clock.advance(1h);
    BOOST_TEST(ok(sweeper.run()) == 2U);
    BOOST_TEST(listed() == std::vector{young.to_string()}, boost::test_tools::per_element());
    BOOST_TEST(all_events().size() == 2U); // the log stays
    BOOST_TEST(ok(sweeper.run()) == 0U);
    ok(hooks.remove(owner.id, name()));
    BOOST_TEST(ok(sweeper.run()) == 1U);
    BOOST_TEST(read(store.scan(storage::family::webhooks, {})).rows.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::webhooks::testing

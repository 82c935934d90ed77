#include "server/services/event_bell.hpp"
#include "server/services/events.hpp"
#include "storage/tables/events.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct events_fixture : world {
    workspace_view owner = workspace();
    services::events log{store};

    storage::event make(std::string type, std::optional<crypto::account_id> account = {}) {
        clock.advance(1ms);
        return {.id = crypto::event_id::make(clock.now()),
                .workspace = owner.id,
                .type = std::move(type),
                .account = account,
                .data = "{}",
                .created_at = clock.now()};
    }
    std::string write(storage::event const& what) {
        storage::write_batch batch;
        storage::events::create(batch, what);
        read(store.commit(std::move(batch)));
        return what.id.to_string();
    }
    std::string happens(std::string type, std::optional<crypto::account_id> account = {}) {
        return write(make(std::move(type), account));
    }
    // All pages of a list.
    std::vector<std::string> listed(event_filter wanted, std::optional<std::string> after = {},
                                    std::size_t limit = 20) {
        std::vector<std::string> ids;
        page_request page{.limit = limit, .cursor = {}};
        do {
            auto const part = ok(log.list(owner.id, wanted, std::exchange(after, {}), page));
            for (auto const& each : part.items) {
                ids.push_back(each.id.to_string());
            }
            page.cursor = part.next_cursor;
        } while (page.cursor);
        return ids;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(events_test, events_fixture)

BOOST_AUTO_TEST_CASE(who_goes_on_from_the_last_one_seen_misses_none) {
    auto const slow = make("account.connected"); // made first, committed last
    auto const first = happens("account.connected");
    BOOST_TEST(listed({}) == std::vector{first}, boost::test_tools::per_element());
    auto const second = happens("account.disconnected");
    auto const third = write(slow);
    for (std::size_t const limit : {1U, 2U, 20U}) {
        BOOST_TEST(listed({}, {}, limit) == (std::vector{first, second, third}),
                   boost::test_tools::per_element());
        BOOST_TEST(listed({}, first, limit) == (std::vector{second, third}),
                   boost::test_tools::per_element());
    }
    BOOST_TEST(listed({}, third).empty());
    BOOST_TEST(ok(log.get(owner.id, second)).type == "account.disconnected");
}

BOOST_AUTO_TEST_CASE(filters_find_what_they_name_however_far_it_lies) {
    auto const account = crypto::account_id::make(clock.now());
    auto const first = happens("token.refreshed", account);
    for (int count = 0; count < 1500; ++count) {
        happens("token.refreshed");
    }
    auto const last = happens("token.revoked", account);
    BOOST_TEST(listed({.type = {}, .account_id = account.to_string()}) == (std::vector{first, last}),
               boost::test_tools::per_element());
    BOOST_TEST(listed({.type = "token.revoked", .account_id = {}}) == std::vector{last},
               boost::test_tools::per_element());
    BOOST_TEST(listed({.type = "token.refreshed", .account_id = account.to_string()}, first).empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused) {
    auto const mine = happens("account.connected");
    BOOST_TEST(failed(log.list(owner.id, {.type = "account.conected", .account_id = {}}, {}, {})).field ==
               "type");
    BOOST_TEST(failed(log.list(owner.id, {}, {}, {.limit = 1, .cursor = "elsewhere"})).field == "cursor");
    auto const cursor = std::string(24, 'a');
    BOOST_TEST(failed(log.list(owner.id, {}, mine, {.limit = 1, .cursor = cursor})).field == "after");
    BOOST_TEST((refusal(log.list(owner.id, {}, "evt_1", {})) == errc::event_not_found));
    auto const other = workspace("other");
    BOOST_TEST((refusal(log.list(other.id, {}, mine, {})) == errc::event_not_found));
    BOOST_TEST((refusal(log.get(other.id, mine)) == errc::event_not_found));
    BOOST_TEST(ok(log.list(other.id, {}, {}, {})).items.empty());
}

BOOST_AUTO_TEST_CASE(the_bell_rings_for_committed_events_only) {
    event_bell bell;
    std::vector<crypto::workspace_id> heard;
    bell.listen(io.get_executor(), [&](crypto::workspace_id workspace) { heard.push_back(workspace); });
    ringing_store ringing{store, bell};
    auto const what = make("account.connected");
    storage::write_batch batch;
    storage::events::create(batch, what);
    storage::events::create(batch, make("account.connected"));
    auto again = batch;
    read(ringing.commit(std::move(batch)));
    BOOST_TEST(tests::run(io, ringing.commit(std::move(again))).has_error());
    storage::write_batch other;
    other.put(storage::family::meta, "key", "value");
    storage::events::create_apart(other, make("webhook.test"));
    read(ringing.commit(std::move(other)));
    io.restart();
    io.poll();
    BOOST_TEST((heard == std::vector{owner.id}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

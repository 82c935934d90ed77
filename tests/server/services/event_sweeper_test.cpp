#include "server/services/event_sweeper.hpp"
#include "storage/tables/events.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct event_sweeper_fixture : world {
    crypto::workspace_id owner = workspace().id;
    event_sweeper sweeper{store, clock};

    crypto::event_id tell() {
        storage::write_batch batch;
        storage::event const row{.id = crypto::event_id::make(clock.now()),
                                 .workspace = owner,
                                 .type = "account.updated",
                                 .account = {},
                                 .data = "{}",
                                 .created_at = clock.now()};
        storage::events::create(batch, row);
        read(store.commit(std::move(batch)));
        return row.id;
    }
    std::size_t logged() { return read(storage::events::read_log(store, owner, {}, 100)).items.size(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(event_sweeper_test, event_sweeper_fixture)

BOOST_AUTO_TEST_CASE(events_go_when_their_workspace_keeps_them_no_longer) {
    auto const old = tell();
    clock.advance(24h * 6);
    auto const young = tell();
    clock.advance(24h * 2);
    BOOST_TEST(ok(sweeper.run()) == 0U); // kept for good
    ok(workspaces.update(owner.to_string(), {.event_days = std::optional<std::uint32_t>{7}}));
    BOOST_TEST(ok(sweeper.run()) == 1U);
    BOOST_TEST(logged() == 1U);
    BOOST_TEST(!read(storage::events::get(store, owner, old)).has_value());
    BOOST_TEST(read(storage::events::get(store, owner, young)).has_value());
    BOOST_TEST(ok(sweeper.run()) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

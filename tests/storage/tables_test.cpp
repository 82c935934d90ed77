// What every table promises, tried on one noun (table.hpp), and the tables without anything of their own.
#include "storage/tables/data_keys.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/outbox.hpp"
#include "storage/tables/profiles.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/tables/root_key.hpp"
#include "storage/tables/table.hpp"
#include "storage/tables/tokens.hpp"
#include "storage/tables/workspaces.hpp"
#include "tests/storage/tables_support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace connectd::storage::testing {

struct earlier_refresh_due {
    sys_ms due{};
    crypto::workspace_id workspace;
    crypto::account_id account;
};
BOOST_DESCRIBE_STRUCT(earlier_refresh_due, (), (due, workspace, account))

namespace {

workspace a_workspace(std::string slug) {
    return {next_id<crypto::workspace_id>(), std::move(slug), "Name", "team",
            next_id<crypto::profile_id>(),   at(1),           at(2)};
}

profile a_profile(crypto::workspace_id workspace, std::string external_id) {
    return {
        next_id<crypto::profile_id>(), workspace, "Name", std::move(external_id), R"({"a":1})", at(1), at(2)};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tables_test, tables_fixture)

BOOST_AUTO_TEST_CASE(a_record_is_created_once) {
    auto const first = create<workspaces>(a_workspace("acme"));
    auto const found = run(workspaces::get(store, first.id));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((found->record == first));

    write_batch same_id;
    workspaces::create(same_id, first);
    BOOST_TEST(guard_refuses(same_id));
    write_batch same_slug;
    workspaces::create(same_slug, a_workspace("acme"));
    BOOST_TEST(guard_refuses(same_slug));
    BOOST_TEST(rows(family::workspaces) == 2U);
    BOOST_TEST(!run(workspaces::get(store, next_id<crypto::workspace_id>())));
}

BOOST_AUTO_TEST_CASE(replacing_moves_the_index_and_frees_the_old_value) {
    auto const before = create<workspaces>(a_workspace("before"));
    auto const read = run(workspaces::get(store, before.id)).value();
    auto after = before;
    after.slug = "after";
    after.name = "Renamed";
    write_batch batch;
    workspaces::replace(batch, read, after);
    commit(batch);

    BOOST_TEST(!run(workspaces::find_by_slug(store, "before")));
    BOOST_TEST((run(workspaces::find_by_slug(store, "after"))->record == after));
    BOOST_TEST(rows(family::workspaces) == 2U);
    create<workspaces>(a_workspace("before"));
}

BOOST_AUTO_TEST_CASE(replacing_what_has_changed_since_is_refused) {
    auto const record = create<workspaces>(a_workspace("acme"));
    auto const read = run(workspaces::get(store, record.id)).value();
    auto changed = record;
    changed.name = "First";
    write_batch first;
    workspaces::replace(first, read, changed);
    commit(first);
    changed.name = "Second";
    write_batch second;
    workspaces::replace(second, read, changed);
    BOOST_TEST(guard_refuses(second));
    write_batch erasing;
    workspaces::erase(erasing, read);
    BOOST_TEST(guard_refuses(erasing));
    BOOST_TEST(run(workspaces::get(store, record.id))->record.name == "First");
}

BOOST_AUTO_TEST_CASE(replacing_cannot_take_a_value_of_another_record) {
    create<workspaces>(a_workspace("taken"));
    auto const record = create<workspaces>(a_workspace("mine"));
    auto const read = run(workspaces::get(store, record.id)).value();
    auto greedy = record;
    greedy.slug = "taken";
    write_batch batch;
    workspaces::replace(batch, read, greedy);
    BOOST_TEST(guard_refuses(batch));
    BOOST_TEST(run(workspaces::find_by_slug(store, "mine")).has_value());
}

BOOST_AUTO_TEST_CASE(erasing_leaves_nothing_behind) {
    auto const record = create<workspaces>(a_workspace("acme"));
    write_batch batch;
    workspaces::erase(batch, run(workspaces::get(store, record.id)).value());
    commit(batch);
    BOOST_TEST(rows(family::workspaces) == 0U);
    BOOST_TEST(!run(workspaces::find_by_slug(store, "acme")));
}

BOOST_AUTO_TEST_CASE(a_list_is_paged_and_a_foreign_cursor_is_refused) {
    auto const mine = next_id<crypto::workspace_id>();
    auto const other = next_id<crypto::workspace_id>();
    std::vector<profile> expected;
    for (int count = 0; count < 10; ++count) {
        expected.push_back(create<profiles>(a_profile(mine, "")));
        create<profiles>(a_profile(other, "external " + std::to_string(count)));
    }
    for (std::size_t const limit : {1U, 3U, 10U, 11U}) {
        auto const all = collect(
            [&](std::optional<std::string> cursor) { return profiles::list(store, mine, cursor, limit); });
        BOOST_TEST((all == expected));
    }
    auto const cursor = run(profiles::list(store, other, std::nullopt, 1)).next_cursor;
    BOOST_REQUIRE(cursor.has_value());
    BOOST_TEST(io.run(profiles::list(store, mine, cursor, 1)).error() == errc::invalid_cursor);
    BOOST_TEST(io.run(profiles::list(store, mine, "", 1)).error() == errc::invalid_cursor);
    BOOST_TEST(io.run(profiles::list(store, mine, "\xff\xff", 1)).error() == errc::invalid_cursor);
}

BOOST_AUTO_TEST_CASE(a_damaged_row_is_an_error_and_not_a_record) {
    auto const record = create<workspaces>(a_workspace("acme"));
    commit(putting(family::workspaces, workspaces::key(record.id), "damaged"));
    BOOST_TEST(io.run(workspaces::get(store, record.id)).error() == errc::corrupt_record);
    BOOST_TEST(io.run(workspaces::find_by_slug(store, "acme")).error() == errc::corrupt_record);
    BOOST_TEST(io.run(workspaces::list(store, std::nullopt, 10)).error() == errc::corrupt_record);
}

BOOST_AUTO_TEST_CASE(workspaces_are_listed_without_their_index) {
    std::vector<workspace> expected;
    for (auto const* const slug : {"b", "c", "a"})
        expected.push_back(create<workspaces>(a_workspace(slug)));
    BOOST_TEST((collect([&](std::optional<std::string> cursor) {
                    return workspaces::list(store, cursor, 2);
                }) == expected));
}

BOOST_AUTO_TEST_CASE(external_ids_are_unique_within_a_workspace_and_optional) {
    auto const mine = next_id<crypto::workspace_id>();
    auto const other = next_id<crypto::workspace_id>();
    auto const record = create<profiles>(a_profile(mine, "user-1"));
    auto const elsewhere = create<profiles>(a_profile(other, "user-1"));
    write_batch batch;
    profiles::create(batch, a_profile(mine, "user-1"));
    BOOST_TEST(guard_refuses(batch));
    create<profiles>(a_profile(mine, ""));
    create<profiles>(a_profile(mine, ""));
    BOOST_TEST((run(profiles::find_by_external_id(store, mine, "user-1"))->record == record));
    BOOST_TEST((run(profiles::find_by_external_id(store, other, "user-1"))->record == elsewhere));
    BOOST_TEST(!run(profiles::find_by_external_id(store, mine, "")));
    BOOST_TEST(!run(profiles::get(store, other, record.id)));
}

BOOST_AUTO_TEST_CASE(data_keys_of_a_workspace_come_oldest_first) {
    auto const mine = next_id<crypto::workspace_id>();
    for (std::uint32_t const version : {2U, 256U, 1U})
        create<data_keys>(data_key{mine, version, {1, 2, 3}, 1000, at(5)});
    create<data_keys>(data_key{next_id<crypto::workspace_id>(), 7, {}, 0, at(5)});
    auto const all = run(data_keys::all(store, mine));
    BOOST_REQUIRE(all.size() == 3U);
    BOOST_TEST(all[0].record.version == 1U);
    BOOST_TEST(all[1].record.version == 2U);
    BOOST_TEST(all[2].record.version == 256U);
    BOOST_TEST(run(data_keys::list(store, mine, std::nullopt, 2)).items.size() == 2U);

    auto reserved = all[2].record;
    reserved.seals_reserved += 1000;
    write_batch batch;
    data_keys::replace(batch, all[2], reserved);
    commit(batch);
    BOOST_TEST((run(data_keys::get(store, mine, 256))->record == reserved));
}

BOOST_AUTO_TEST_CASE(more_data_keys_than_fit_a_page_are_all_there) {
    auto const mine = next_id<crypto::workspace_id>();
    auto const count = static_cast<std::uint32_t>(max_page_rows + 1);
    for (std::uint32_t version = 1; version <= count; ++version)
        create<data_keys>(data_key{mine, version, {}, 0, at(5)});
    BOOST_TEST(run(data_keys::all(store, mine)).size() == count);
}

BOOST_AUTO_TEST_CASE(a_token_moves_on_by_generation) {
    token const first{next_id<crypto::account_id>(),
                      next_id<crypto::workspace_id>(),
                      1,
                      a_sealed_value(1),
                      at(1),
                      at(2),
                      {}};
    create<tokens>(first);
    auto const read = run(tokens::get(store, first.workspace, first.account)).value();
    BOOST_TEST((read.record == first));
    auto second = first;
    ++second.generation;
    second.material = a_sealed_value(2);
    write_batch batch;
    tokens::replace(batch, read, second);
    commit(batch);
    BOOST_TEST(guard_refuses(batch));
    BOOST_TEST((run(tokens::list(store, first.workspace, std::nullopt, 10)).items == std::vector{second}));
}

BOOST_AUTO_TEST_CASE(due_refreshes_come_earliest_first_and_not_before_their_time) {
    auto const workspace = next_id<crypto::workspace_id>();
    std::vector<refresh_due> expected;
    for (std::int64_t const due : {-5, 0, 255, 256, 300}) {
        expected.push_back({at(due), workspace, next_id<crypto::account_id>()});
        create<refresh_dues>(expected.back());
    }
    auto const until = [&](std::int64_t moment) {
        return collect([&](std::optional<std::string> cursor) {
            return refresh_dues::list_due(store, at(moment), cursor, 2);
        });
    };
    BOOST_TEST((until(300) == expected));
    BOOST_TEST(until(299).size() == 4U);
    BOOST_TEST(until(-6).empty());
    write_batch batch;
    refresh_dues::erase(batch, expected.front());
    commit(batch);
    BOOST_TEST((until(-5).empty()));
}

BOOST_AUTO_TEST_CASE(a_list_of_what_is_due_goes_on_from_a_moment) {
    auto const workspace = next_id<crypto::workspace_id>();
    for (std::int64_t const due : {100, 200, 200, 300})
        create<refresh_dues>(refresh_due{at(due), workspace, next_id<crypto::account_id>()});
    auto const from = [&](std::int64_t moment) {
        return run(refresh_dues::list_due(store, at(300), refresh_dues::cursor_at(at(moment)), 10))
            .items.size();
    };
    BOOST_TEST(from(0) == 4U);
    BOOST_TEST(from(200) == 3U);
    BOOST_TEST(from(201) == 1U);
    BOOST_TEST(from(300) == 1U);
}

BOOST_AUTO_TEST_CASE(an_account_is_due_at_the_earlier_of_its_two_moments) {
    account record;
    record.workspace = next_id<crypto::workspace_id>();
    record.id = next_id<crypto::account_id>();
    record.platform = "bluesky";
    BOOST_TEST(!due_of(record).has_value());
    record.next_notice_at = at(200);
    BOOST_TEST((due_of(record) == refresh_due{at(200), record.workspace, record.id, due_kind::notice, ""}));
    record.next_refresh_at = at(200);
    BOOST_TEST(
        (due_of(record) == refresh_due{at(200), record.workspace, record.id, due_kind::refresh, "bluesky"}));
    record.api_base = "https://pds.example";
    BOOST_TEST(due_of(record)->lane == "bluesky https://pds.example");
    record.instance = "https://one.example";
    BOOST_TEST(due_of(record)->lane == "bluesky https://one.example");
    record.next_refresh_at = at(201);
    BOOST_TEST((due_of(record)->kind == due_kind::notice));

    auto moved = record;
    moved.next_notice_at.reset();
    write_batch batch;
    refresh_dues::move(batch, std::nullopt, due_of(record));
    commit(batch);
    write_batch second;
    refresh_dues::move(second, due_of(record), due_of(moved));
    commit(second);
    BOOST_TEST((run(refresh_dues::list_due(store, at(1000), {}, 10)).items == std::vector{*due_of(moved)}));
    write_batch third;
    refresh_dues::move(third, due_of(moved), std::nullopt);
    commit(third);
    BOOST_TEST(rows(family::refresh_due) == 0U);
}

// A store of the version before has rows without what came later.
BOOST_AUTO_TEST_CASE(rows_of_an_earlier_program_are_read_with_what_they_meant) {
    auto const row = decode_record<refresh_due>(encode_record(
        earlier_refresh_due{at(5), next_id<crypto::workspace_id>(), next_id<crypto::account_id>()}));
    BOOST_REQUIRE(row.has_value());
    BOOST_TEST((row->kind == due_kind::refresh));
    BOOST_TEST(row->lane.empty());
}

BOOST_AUTO_TEST_CASE(events_are_read_in_the_order_of_their_commits) {
    auto const mine = next_id<crypto::workspace_id>();
    std::vector<event> expected;
    for (int count = 0; count < 5; ++count)
        expected.push_back({next_id<crypto::event_id>(), mine, "account.connected",
                            next_id<crypto::account_id>(), "{}", at(count)});
    // The one made first is committed last, as when its writer had to wait.
    std::ranges::rotate(expected, expected.begin() + 1);
    for (auto const& each : expected)
        create<events>(each);
    create<events>(event{
        next_id<crypto::event_id>(), next_id<crypto::workspace_id>(), "account.connected", {}, "{}", at(9)});
    std::vector<event> seen;
    std::optional<event_place> last;
    for (;;) {
        auto const part = run(events::list_after(store, mine, last, 2));
        if (part.items.empty())
            break;
        seen.insert(seen.end(), part.items.begin(), part.items.end());
        last = events::place_of(run(events::get(store, mine, part.items.back().id)).value());
    }
    BOOST_TEST((seen == expected));
    BOOST_TEST((run(events::last(store, mine)) == last));
    BOOST_TEST(!run(events::last(store, next_id<crypto::workspace_id>())));
    auto const log = run(events::read_log(store, mine, {}, 100));
    BOOST_TEST((log.items.at(4).place == last));
    BOOST_TEST(log.items.at(4).mark.type == "account.connected");
    BOOST_TEST((log.items.at(4).mark.account == expected[4].account));
}

BOOST_AUTO_TEST_CASE(events_of_one_commit_are_all_read) {
    auto const mine = next_id<crypto::workspace_id>();
    write_batch batch;
    for (int count = 0; count < 3; ++count)
        events::create(batch, {next_id<crypto::event_id>(), mine, "account.connected", {}, "{}", at(1)});
    commit(batch);
    auto const all = run(events::read_log(store, mine, {}, 100)).items;
    BOOST_TEST(all.size() == 3U);
    auto const rest = run(events::read_log(store, mine, all.at(0).place, 100)).items;
    BOOST_TEST(rest.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_revocation_moves_to_its_next_attempt) {
    revocation const first{next_id<crypto::workspace_id>(),
                           next_id<crypto::account_id>(),
                           "x",
                           next_id<crypto::credentials_id>(),
                           a_sealed_value(1),
                           "",
                           0,
                           at(100)};
    create<revocations>(first);
    BOOST_TEST(run(revocations::list_due(store, at(99), std::nullopt, 10)).items.empty());
    auto const due = run(revocations::list_due(store, at(100), std::nullopt, 10)).items;
    BOOST_REQUIRE(due.size() == 1U);
    BOOST_TEST((due[0].record == first));

    auto later = first;
    later.attempts = 1;
    later.next_attempt_at = at(500);
    write_batch batch;
    revocations::replace(batch, due[0], later);
    commit(batch);
    BOOST_TEST(rows(family::outbox) == 1U);
    BOOST_TEST(run(revocations::list_due(store, at(499), std::nullopt, 10)).items.empty());
    auto const again = run(revocations::list_due(store, at(500), std::nullopt, 10)).items;
    BOOST_REQUIRE(again.size() == 1U);
    BOOST_TEST((again[0].record == later));
    write_batch done;
    revocations::erase(done, again[0]);
    commit(done);
    BOOST_TEST(rows(family::outbox) == 0U);
}

BOOST_AUTO_TEST_CASE(there_is_one_root_key) {
    BOOST_TEST(!run(root_keys::get(store)));
    root_key const record{std::string(32, 'd'), at(1)};
    create<root_keys>(record);
    BOOST_TEST((run(root_keys::get(store))->record == record));
    write_batch batch;
    root_keys::create(batch, record);
    BOOST_TEST(guard_refuses(batch));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

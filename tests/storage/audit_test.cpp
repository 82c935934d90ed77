// The audit log as a chain. Goal: no entry can be changed, removed, added or put elsewhere without being
// named. Method: a chain as it is written, and then one thing done to its rows.
#include "storage/tables/audit_chain.hpp"
#include "tests/storage/tables_support.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::storage::testing {
namespace {

struct fixture : tables_fixture {
    crypto::workspace_id mine = next_id<crypto::workspace_id>();

    static audit_entry an_entry(crypto::workspace_id workspace, std::string target) {
        return {.workspace = workspace,
                .at = at(1),
                .actor = audit_actor::api_key,
                .actor_id = "key_1",
                .actor_name = "all",
                .remote_address = "192.0.2.7",
                .request_id = "req-1",
                .action = "credentials.create",
                .target = std::move(target),
                .status = 201,
                .previous = {},
                .digest = {}};
    }
    // Adds entries in one batch.
    void append(crypto::workspace_id workspace, std::vector<std::string> const& targets) {
        auto const head = run(audit_log::head(store, workspace));
        auto last = head ? head->record : audit_end{};
        std::vector<audit_entry> sealed;
        for (auto const& target : targets) {
            sealed.push_back(seal(an_entry(workspace, target), last));
            last = {sealed.back().number, sealed.back().digest};
        }
        write_batch batch;
        audit_log::append(batch, workspace, head, sealed);
        commit(batch);
    }
    void append_five() {
        append(mine, {"a", "b"});
        append(mine, {"c"});
        append(mine, {"d", "e"});
    }
    std::string row(std::uint64_t number) {
        return run(store.get(family::audit, audit_log::key(mine, number)))->value;
    }
    void put(std::uint64_t number, std::string value) {
        write_batch batch;
        batch.put(family::audit, audit_log::key(mine, number), std::move(value));
        commit(batch);
    }
    void remove(std::string key) {
        write_batch batch;
        batch.erase(family::audit, std::move(key));
        commit(batch);
    }
    void cut(std::size_t count) {
        write_batch batch;
        auto const anchor = run(audit_log::anchor(store, mine));
        audit_log::cut(batch, anchor,
                       run(audit_log::read(store, mine, anchor ? anchor->record.number : 0, count)).items);
        commit(batch);
    }
    std::uint64_t broken() {
        auto const found = run(examine(store, mine));
        return found.broken ? found.broken->number : 0;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(audit_test, fixture)

BOOST_AUTO_TEST_CASE(entries_follow_one_another) {
    append_five();
    auto const found = run(examine(store, mine));
    BOOST_TEST(!found.broken.has_value());
    BOOST_TEST(found.entries == 5U);
    BOOST_TEST(found.head.number == 5U);
    auto const behind = run(audit_log::read(store, mine, 3, 10)).items;
    BOOST_TEST(behind.size() == 2U);
    BOOST_TEST(behind.at(0).record.target == "d");
    BOOST_TEST(behind.at(1).record.previous == behind.at(0).record.digest);
    BOOST_TEST(run(audit_log::read(store, next_id<crypto::workspace_id>(), 0, 10)).items.empty());
}

BOOST_AUTO_TEST_CASE(two_writers_cannot_fork_a_chain) {
    append(mine, {"a"});
    auto const head = run(audit_log::head(store, mine));
    write_batch late;
    audit_log::append(late, mine, head, {seal(an_entry(mine, "late"), head->record)});
    append(mine, {"b"});
    BOOST_TEST(guard_refuses(late));
    write_batch first;
    audit_log::append(first, mine, {}, {seal(an_entry(mine, "first"), {})});
    BOOST_TEST(guard_refuses(first));
    BOOST_TEST(broken() == 0U);
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_named) {
    append_five();
    auto const good = row(3);
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto changed = good;
        changed[at] = static_cast<char>(changed[at] ^ 0x01);
        put(3, changed);
        BOOST_TEST(broken() == 3U, "byte " << at);
    }
    put(3, good);
    BOOST_TEST(broken() == 0U);
}

BOOST_AUTO_TEST_CASE(an_entry_that_was_written_anew_is_named_by_the_next) {
    append_five();
    auto forged = decode_record<audit_entry>(row(3)).value();
    forged.target = "somebody else's";
    forged.digest = digest_of(forged);
    put(3, encode_record(forged));
    BOOST_TEST(broken() == 4U);
}

BOOST_AUTO_TEST_CASE(a_removed_entry_is_named) {
    append_five();
    auto const third = row(3);
    remove(audit_log::key(mine, 3));
    BOOST_TEST(broken() == 3U);
    put(3, row(4)); // the next one in its place
    BOOST_TEST(broken() == 3U);
    put(3, third);
    auto const last = row(5);
    remove(audit_log::key(mine, 5));
    BOOST_TEST(broken() == 5U);
    put(5, last);
    remove(audit_log::key(mine, 1));
    BOOST_TEST(broken() == 1U);
}

BOOST_AUTO_TEST_CASE(an_added_entry_is_named) {
    append_five();
    auto const last = run(audit_log::head(store, mine))->record;
    put(6, encode_record(seal(an_entry(mine, "f"), last)));
    BOOST_TEST(broken() == 6U);
}

BOOST_AUTO_TEST_CASE(what_was_cut_off_leaves_a_whole_chain) {
    append_five();
    cut(2);
    BOOST_TEST(broken() == 0U);
    BOOST_TEST(run(examine(store, mine)).entries == 3U);
    cut(1);
    append(mine, {"f"});
    BOOST_TEST(broken() == 0U);
    BOOST_TEST(rows(family::audit) == 2 + 2 * 3U); // the two ends; each entry with its place among all
    remove(audit_log::key(mine, 4));
    BOOST_TEST(broken() == 4U);
}

BOOST_AUTO_TEST_CASE(all_chains_together_are_in_the_order_of_the_commits) {
    auto const other = next_id<crypto::workspace_id>();
    append(mine, {"a"});
    append(other, {"b", "c"});
    append(mine, {"d"});
    append({}, {"e"}); // the operator's own
    std::string seen;
    auto const all =
        collect([&](std::optional<std::string> cursor) { return audit_log::list_all(store, cursor, 2); });
    for (auto const& entry : all) {
        seen += entry.target;
    }
    BOOST_TEST(seen == "abcde");
    auto const first = run(audit_log::next_chain(store, {}));
    BOOST_TEST(first->is_nil());
    BOOST_TEST((run(audit_log::next_chain(store, first)) == mine));
    BOOST_TEST((run(audit_log::next_chain(store, mine)) == other));
    BOOST_TEST(!run(audit_log::next_chain(store, other)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

// The writing and reading of the audit log. Goal: whatever comes at once, each workspace has one whole chain.
#include "server/runtime/task_group.hpp"
#include "server/services/audit.hpp"
#include "server/services/audit_sweeper.hpp"
#include "storage/tables/audit_chain.hpp"
#include "tests/server/services/support.hpp"

#include <boost/asio/co_spawn.hpp>

namespace connectd::server::services::testing {
namespace {

struct audit_fixture : interleaved_world {
    workspace_view owner = workspace();
    runtime::task_group tasks{io.get_executor(), "audit"};
    runtime::task_group others{io.get_executor(), "another thread"};
    runtime::keyed_turns turns;
    audit log{store, clock, turns, tasks};
    audit same_log{store, clock, turns, others}; // as of another thread
    principal by_key{.root = false, .workspace = owner.id, .key = make_key(), .scopes = {}};

    crypto::api_key_id make_key() {
        return ok(api_keys.create(owner.id.to_string(), {.name = "all", .scopes = {}})).view.id;
    }
    audit_note note(std::string target, std::string_view action = "credentials.create") const {
        return {.who = by_key,
                .workspace = owner.id,
                .remote_address = "192.0.2.7",
                .request_id = "req-1",
                .action = action,
                .target = std::move(target),
                .status = 201};
    }
    void record(audit_note what) { ok(log.record(std::move(what))); }
    std::string listed(audit_filter filter = {}, std::optional<std::uint64_t> after = {}) {
        std::string targets;
        page_request page{.limit = 2, .cursor = {}};
        do {
            auto const part = ok(log.list(owner.id, filter, page.cursor ? std::nullopt : after, page));
            for (auto const& each : part.items) {
                targets += each.target;
            }
            page.cursor = part.next_cursor;
        } while (page.cursor);
        return targets;
    }
    storage::audit_examination examined() { return read(storage::examine(store, owner.id)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(audit_test, audit_fixture)

BOOST_AUTO_TEST_CASE(an_entry_says_who_did_what_and_from_where) {
    record(note("app_1"));
    auto const shown = ok(log.list(owner.id, {}, {}, {})).items.at(0);
    BOOST_TEST(shown.number == 1U);
    BOOST_TEST((shown.at == clock.now()));
    BOOST_TEST(shown.actor == "api_key");
    BOOST_TEST(shown.actor_id == by_key.key.to_string());
    BOOST_TEST(shown.actor_name == "all");
    BOOST_TEST(shown.remote_address == "192.0.2.7");
    BOOST_TEST(shown.request_id == "req-1");
    BOOST_TEST(shown.action == "credentials.create");
    BOOST_TEST(shown.target == "app_1");
    BOOST_TEST(shown.status == 201U);
    BOOST_TEST(shown.digest.size() == 64U);
    BOOST_TEST(shown.previous.empty());
}

BOOST_AUTO_TEST_CASE(what_comes_at_once_is_one_chain_and_few_commits) {
    auto const before = store.commits;
    int done = 0;
    auto const count = [&done](std::exception_ptr thrown, outcome<void> const& ended) {
        BOOST_TEST((!thrown && ended.has_value()));
        ++done;
    };
    for (int number = 0; number < 50; ++number) {
        auto& by = number % 2 == 0 ? log : same_log;
        boost::asio::co_spawn(io, by.record(note(std::to_string(number))), count);
    }
    record(note("last"));
    io.restart();
    io.run();
    BOOST_TEST(done == 50);
    auto const found = examined();
    BOOST_TEST(!found.broken.has_value());
    BOOST_TEST(found.entries == 51U);
    BOOST_TEST(store.commits - before <= 8U);
}

BOOST_AUTO_TEST_CASE(somebody_elses_entry_in_between_is_followed) {
    record(note("a"));
    store.before_commit = [this] {
        boost::asio::io_context own{1};
        auto const head = tests::run(own, storage::audit_log::head(store.below, owner.id)).value();
        storage::audit_entry between;
        between.workspace = owner.id;
        between.target = "b";
        storage::write_batch batch;
        storage::audit_log::append(batch, owner.id, head, {storage::seal(between, head->record)});
        BOOST_TEST(tests::run(own, store.below.commit(std::move(batch))).has_value());
    };
    record(note("c"));
    BOOST_TEST(listed() == "abc");
    BOOST_TEST(!examined().broken.has_value());
}

BOOST_AUTO_TEST_CASE(entries_are_found_by_who_what_and_whom) {
    record(note("a"));
    record(note("b", "credentials.delete"));
    auto by_root = note("c", "api_keys.create");
    by_root.who = {.root = true, .workspace = {}, .key = {}, .scopes = {}};
    record(by_root);
    auto by_user = note("d", "accounts.connect");
    by_user.who = {};
    record(by_user);
    BOOST_TEST(listed() == "abcd");
    BOOST_TEST(listed({}, 2) == "cd");
    BOOST_TEST(listed({.actor = "root"}) == "c");
    BOOST_TEST(listed({.actor = "end_user"}) == "d");
    BOOST_TEST(listed({.actor = by_key.key.to_string()}) == "ab");
    BOOST_TEST(listed({.action = "credentials"}) == "ab");
    BOOST_TEST(listed({.action = "credentials.delete"}) == "b");
    BOOST_TEST(listed({.action = "credential"}).empty());
    BOOST_TEST(listed({.target = "d"}) == "d");
    BOOST_TEST(
        (refusal(log.list(owner.id, {}, 1, {.limit = 2, .cursor = "12345678"})) == errc::field_invalid));
    BOOST_TEST((refusal(log.list(owner.id, {}, {}, {.limit = 2, .cursor = "7"})) == errc::field_invalid));
}

BOOST_AUTO_TEST_CASE(the_operator_sees_every_chain) {
    record(note("a"));
    auto const other = workspace("other");
    auto elsewhere = note("b");
    elsewhere.workspace = other.id;
    record(elsewhere);
    record(note("c"));
    std::string seen;
    page_request page{.limit = 2, .cursor = {}};
    do {
        auto const part = ok(log.list_all({}, page));
        for (auto const& each : part.items) {
            seen += each.target;
        }
        page.cursor = part.next_cursor;
    } while (page.cursor);
    BOOST_TEST(seen == "abc");
    BOOST_TEST(ok(log.list_all({.target = "b"}, {})).items.at(0).number == 1U);
}

BOOST_AUTO_TEST_CASE(old_entries_go_and_the_chain_stays_whole) {
    for (auto const* target : {"a", "b"}) {
        record(note(target));
    }
    constexpr std::chrono::hours retention{400 * 24};
    clock.advance(retention);
    record(note("c"));
    audit_sweeper sweeper{store, clock, retention};
    BOOST_TEST(ok(sweeper.run()) == 2U);
    BOOST_TEST(listed() == "c");
    BOOST_TEST(!examined().broken.has_value());
    clock.advance(2 * retention);
    BOOST_TEST(ok(sweeper.run()) == 0U); // the last one stays
    record(note("d"));
    BOOST_TEST(ok(sweeper.run()) == 1U);
    BOOST_TEST(examined().head.number == 4U);
    BOOST_TEST(!examined().broken.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

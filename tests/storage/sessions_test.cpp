#include "storage/tables/sessions.hpp"
#include "tests/storage/tables_support.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::storage::testing {
namespace {

struct fixture : tables_fixture {
    session a_session(char state, std::int64_t expires) const {
        session record;
        record.id = next_id<crypto::session_id>();
        record.workspace = next_id<crypto::workspace_id>();
        record.profile = next_id<crypto::profile_id>();
        record.platform = "x";
        record.credentials = next_id<crypto::credentials_id>();
        record.return_url = "https://example.com/back";
        record.scopes = {"tweet.read", "offline.access"};
        record.secrets = a_sealed_value(3);
        record.state_digest = std::string(32, state);
        record.reconnect = next_id<crypto::account_id>();
        record.browser_digest = "browser";
        record.metadata = "{}";
        record.created_at = at(1);
        record.expires_at = at(expires);
        return record;
    }

    void finish(session const& record, session_status status, std::optional<sys_ms> when) {
        auto const read = run(sessions::get(store, record.workspace, record.id)).value();
        auto finished = read.record;
        finished.status = status;
        finished.finished_at = when;
        write_batch batch;
        sessions::replace(batch, read, finished);
        commit(batch);
    }

    std::vector<crypto::session_id> ids(std::vector<stored<session>> const& found) {
        std::vector<crypto::session_id> all;
        for (auto const& each : found)
            all.push_back(each.record.id);
        return all;
    }
    std::vector<crypto::session_id> expired(std::int64_t until) {
        return ids(collect([&](std::optional<std::string> cursor) {
            return sessions::list_expired(store, at(until), cursor, 2);
        }));
    }
    std::vector<crypto::session_id> finished(std::int64_t until) {
        return ids(collect([&](std::optional<std::string> cursor) {
            return sessions::list_finished(store, at(until), cursor, 2);
        }));
    }
};

using ids_of = std::vector<crypto::session_id>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(sessions_test, fixture)

BOOST_AUTO_TEST_CASE(a_session_is_found_by_its_state_as_long_as_it_exists) {
    auto const record = create<sessions>(a_session('a', 100));
    create<sessions>(a_session('b', 100));
    BOOST_TEST((run(sessions::find_by_state(store, record.state_digest))->record == record));
    BOOST_TEST(!run(sessions::find_by_state(store, std::string(32, 'c'))));
    finish(record, session_status::completed, at(50));
    BOOST_TEST((run(sessions::find_by_state(store, record.state_digest))->record.status ==
                session_status::completed));
    write_batch batch;
    sessions::erase(batch, run(sessions::get(store, record.workspace, record.id)).value());
    commit(batch);
    BOOST_TEST(!run(sessions::find_by_state(store, record.state_digest)));
    BOOST_TEST(!run(sessions::find(store, record.id)));
    BOOST_TEST(rows(family::sessions) == 4U); // those of the other session
}

BOOST_AUTO_TEST_CASE(a_session_is_found_by_its_id_alone) {
    auto const record = create<sessions>(a_session('a', 100));
    create<sessions>(a_session('b', 100));
    BOOST_TEST((run(sessions::find(store, record.id))->record == record));
    BOOST_TEST(!run(sessions::find(store, next_id<crypto::session_id>())));
    finish(record, session_status::failed, at(50));
    BOOST_TEST((run(sessions::find(store, record.id))->record.status == session_status::failed));
}

BOOST_AUTO_TEST_CASE(a_state_is_used_once) {
    create<sessions>(a_session('a', 100));
    write_batch batch;
    sessions::create(batch, a_session('a', 100));
    BOOST_TEST(guard_refuses(batch));
}

BOOST_AUTO_TEST_CASE(sessions_without_a_state_do_not_collide) {
    auto first = a_session('a', 100);
    first.state_digest.clear();
    auto second = a_session('a', 100);
    second.state_digest.clear();
    create<sessions>(first);
    create<sessions>(second);
    BOOST_TEST(!run(sessions::find_by_state(store, "")));
}

BOOST_AUTO_TEST_CASE(of_two_callbacks_one_claims_the_session) {
    auto const record = create<sessions>(a_session('a', 100));
    auto const read = run(sessions::find_by_state(store, record.state_digest)).value();
    auto claimed = read.record;
    claimed.status = session_status::completed;
    claimed.finished_at = at(10);
    write_batch first;
    sessions::replace(first, read, claimed);
    write_batch second = first;
    commit(first);
    BOOST_TEST(guard_refuses(second));
}

BOOST_AUTO_TEST_CASE(the_sweeper_sees_pending_sessions_oldest_expiry_first) {
    auto const late = create<sessions>(a_session('a', 300));
    auto const early = create<sessions>(a_session('b', 100));
    auto const middle = create<sessions>(a_session('c', 200));
    auto const done = create<sessions>(a_session('d', 150));
    finish(done, session_status::completed, at(120));
    BOOST_TEST(expired(99).empty());
    BOOST_TEST((expired(100) == ids_of{early.id}));
    BOOST_TEST((expired(300) == ids_of{early.id, middle.id, late.id}));
    finish(early, session_status::expired, {});
    BOOST_TEST((expired(300) == ids_of{middle.id, late.id}));
}

BOOST_AUTO_TEST_CASE(a_session_that_waits_for_a_choice_is_swept_at_its_own_expiry) {
    auto const record = create<sessions>(a_session('a', 100));
    auto const read = run(sessions::get(store, record.workspace, record.id)).value();
    auto waiting = record;
    waiting.status = session_status::choosing;
    waiting.secrets = {};
    waiting.choices = a_sealed_value(5);
    waiting.choose = session_choose::api;
    waiting.expires_at = at(900);
    write_batch batch;
    sessions::replace(batch, read, waiting);
    commit(batch);
    BOOST_TEST((run(sessions::get(store, record.workspace, record.id))->record == waiting));
    BOOST_TEST(run(sessions::find_by_state(store, record.state_digest)).has_value()); // spent, still told
    BOOST_TEST(expired(899).empty());
    BOOST_TEST((expired(900) == ids_of{record.id}));
    BOOST_TEST(finished(1000).empty());
    finish(waiting, session_status::completed, at(950));
    BOOST_TEST(expired(1000).empty());
    BOOST_TEST((finished(950) == ids_of{record.id}));
}

// A row as version 1 of the schema wrote it.
BOOST_AUTO_TEST_CASE(a_session_from_before_there_were_choices_is_read) {
    auto record = a_session('a', 100);
    auto bytes = encode_record(record);
    // The number of members, then those of today; version 1 had eight less, each of one length byte here but
    // for those that have a value.
    BOOST_REQUIRE_EQUAL(bytes[1], '\x1b');
    bytes[1] = '\x13';
    BOOST_REQUIRE((bytes.ends_with(std::string_view{"\1\1\0\1\0\1\0\0\0\0\0", 11})));
    bytes.resize(bytes.size() - 11);
    BOOST_TEST((decode_record<session>(bytes).value() == record));
}

BOOST_AUTO_TEST_CASE(the_sweeper_sees_finished_sessions_by_the_time_they_finished) {
    auto const first = create<sessions>(a_session('a', 1000));
    auto const second = create<sessions>(a_session('b', 1000));
    auto const untimed = create<sessions>(a_session('c', 30));
    create<sessions>(a_session('d', 10));
    finish(second, session_status::failed, at(20));
    finish(first, session_status::cancelled, at(10));
    finish(untimed, session_status::expired, {});
    BOOST_TEST((finished(9).empty()));
    BOOST_TEST((finished(20) == ids_of{first.id, second.id}));
    BOOST_TEST((finished(30) == ids_of{first.id, second.id, untimed.id}));
}

BOOST_AUTO_TEST_CASE(a_list_holds_the_sessions_of_one_workspace) {
    auto const first = create<sessions>(a_session('a', 100));
    auto second = a_session('b', 100);
    second.workspace = first.workspace;
    create<sessions>(second);
    create<sessions>(a_session('c', 100));
    auto const all = collect(
        [&](std::optional<std::string> cursor) { return sessions::list(store, first.workspace, cursor, 1); });
    BOOST_TEST((all == std::vector{first, second}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

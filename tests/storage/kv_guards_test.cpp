// What every store promises in storage/kv.hpp about guards, atomic batches and concurrent commits, run for
// each of them.
#include "tests/storage/kv_conformance.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

namespace connectd::storage::testing {
namespace {

// Adds one to a counter kept as text, again and again until it was this coroutine's turn.
task<outcome> increment(kv& store, std::string key) {
    for (;;) {
        auto const found = co_await store.get(family::tokens, key);
        write_batch batch;
        auto const number = *found ? std::stoi((*found)->value) : 0;
        if (*found)
            batch.require_version(family::tokens, key, (*found)->version);
        else
            batch.require_absent(family::tokens, key);
        batch.put(family::tokens, key, std::to_string(number + 1));
        auto done = co_await store.commit(std::move(batch));
        if (done || done.error() != errc::guard_failed)
            co_return done;
    }
}

task<bool> stays_on_its_thread(kv& store, int commits) {
    auto const before = std::this_thread::get_id();
    for (int count = 0; count < commits; ++count) {
        auto const done = co_await store.commit(putting(family::audit, numbered("t", count), "x"));
        if (!done || std::this_thread::get_id() != before)
            co_return false;
    }
    co_return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kv_guards_test)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_batch_is_written_whole_or_not_at_all, backend, backends) {
    conformance<backend> store;
    store.put(family::tokens, "taken", "here first");
    store.put(family::sessions, "to erase", "still here");

    write_batch batch;
    for (auto const each : all_families)
        batch.put(each, "new", "value");
    batch.erase(family::sessions, "to erase");
    auto refused = batch;
    refused.require_absent(family::tokens, "taken");
    BOOST_TEST(store.commit(refused).error() == errc::guard_failed);
    for (auto const each : all_families)
        BOOST_TEST(!store.get(each, "new"));
    BOOST_TEST(store.get(family::sessions, "to erase").has_value());

    auto const version = store.commit(batch).value();
    for (auto const each : all_families)
        BOOST_TEST(store.get(each, "new")->version == version);
    BOOST_TEST(!store.get(family::sessions, "to erase"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(guards_compare_with_what_is_stored, backend, backends) {
    conformance<backend> store;
    auto const version = store.put(family::accounts, "row", "value");
    auto const other = store.put(family::accounts, "other", "value");
    auto const with = [](auto const& require) {
        auto batch = putting(family::accounts, "written", "x");
        require(batch);
        return batch;
    };
    auto const refused = [&](auto const& require) {
        return store.commit(with(require)).error() == errc::guard_failed;
    };
    BOOST_TEST(refused([&](auto& batch) { batch.require_absent(family::accounts, "row"); }));
    BOOST_TEST(refused([&](auto& batch) { batch.require_version(family::accounts, "row", version + 1); }));
    BOOST_TEST(refused([&](auto& batch) { batch.require_version(family::accounts, "row", other); }));
    BOOST_TEST(refused([&](auto& batch) { batch.require_version(family::accounts, "row", 0); }));
    BOOST_TEST(refused([&](auto& batch) { batch.require_version(family::accounts, "absent", version); }));
    BOOST_TEST(refused([&](auto& batch) { batch.require_version(family::accounts, "absent", 0); }));
    BOOST_TEST(refused([&](auto& batch) { batch.require_version(family::tokens, "row", version); }));
    BOOST_TEST(refused([&](auto& batch) {
        batch.require_version(family::accounts, "row", version);
        batch.require_absent(family::accounts, "other");
    }));
    BOOST_TEST(!store.get(family::accounts, "written"));
    BOOST_TEST(store
                   .commit(with([&](auto& batch) {
                       batch.require_version(family::accounts, "row", version);
                       batch.require_absent(family::tokens, "row");
                   }))
                   .has_value());
    BOOST_TEST(store.get(family::accounts, "written").has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(guards_look_at_the_store_before_the_batch_itself, backend, backends) {
    conformance<backend> store;
    auto creating = putting(family::profiles, "unique", "mine");
    creating.require_absent(family::profiles, "unique");
    auto const version = store.commit(creating).value();
    BOOST_TEST(store.commit(creating).error() == errc::guard_failed);

    write_batch erasing;
    erasing.erase(family::profiles, "unique");
    erasing.require_version(family::profiles, "unique", version);
    BOOST_TEST(store.commit(erasing).has_value());
    BOOST_TEST(store.commit(creating).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_batch_of_guards_alone_only_checks, backend, backends) {
    conformance<backend> store;
    auto const version = store.put(family::meta, "row", "value");
    write_batch checking;
    checking.require_version(family::meta, "row", version);
    BOOST_TEST(store.commit(checking).value() == version);
    checking.require_absent(family::meta, "row");
    BOOST_TEST(store.commit(checking).error() == errc::guard_failed);
    BOOST_TEST(store.commit({}).value() == version);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(of_many_commits_that_require_one_version_exactly_one_wins, backend, backends) {
    loops threads(4);
    conformance<backend> store;
    for (int round = 0; round < 20; ++round) {
        auto const version = store.put(family::sessions, "claim", "free");
        std::vector<std::shared_ptr<running<outcome>>> claims;
        for (int rival = 0; rival < 64; ++rival) {
            auto claim = putting(family::sessions, "claim", std::to_string(rival));
            claim.require_version(family::sessions, "claim", version);
            claim.put(family::audit, "winner", std::to_string(rival));
            claims.push_back(
                threads[static_cast<std::size_t>(rival)].start(store.store().commit(std::move(claim))));
        }
        threads.finish();
        std::vector<std::string> winners;
        for (std::size_t rival = 0; rival < claims.size(); ++rival) {
            if (claims[rival]->get())
                winners.push_back(std::to_string(rival));
            else
                BOOST_TEST(claims[rival]->get().error() == errc::guard_failed);
        }
        BOOST_REQUIRE(winners.size() == 1U);
        BOOST_TEST(store.get(family::sessions, "claim")->value == winners.front());
        BOOST_TEST(store.get(family::audit, "winner")->value == winners.front());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(concurrent_increments_lose_nothing, backend, backends) {
    loops threads(4);
    conformance<backend> store;
    std::vector<std::shared_ptr<running<outcome>>> all;
    for (std::size_t count = 0; count < 60; ++count)
        all.push_back(threads[count].start(increment(store.store(), "counter")));
    threads.finish();
    std::set<std::uint64_t> versions;
    for (auto const& each : all)
        versions.insert(each->get().value());
    BOOST_TEST(versions.size() == all.size());
    BOOST_TEST(store.get(family::tokens, "counter")->value == "60");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_resumes_on_its_own_thread, backend, backends) {
    loops threads(3);
    conformance<backend> store;
    std::vector<std::shared_ptr<running<bool>>> all;
    for (std::size_t count = 0; count < 12; ++count)
        all.push_back(threads[count].start(stays_on_its_thread(store.store(), 20)));
    threads.finish();
    BOOST_TEST(std::ranges::all_of(all, [](auto const& each) { return each->get(); }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancelling_the_caller_does_not_cancel_its_commit, backend, backends) {
    conformance<backend> store;
    auto const ended = store.io.start(store.store().commit(putting(family::tokens, "rotated", "new")));
    store.io.poll();
    ended->cancel.emit(boost::asio::cancellation_type::all);
    store.io.finish();
    BOOST_TEST(ended->get().has_value());
    BOOST_TEST(store.get(family::tokens, "rotated")->value == "new");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

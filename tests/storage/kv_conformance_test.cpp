// What every store promises in storage/kv.hpp, run for each of them.
#include "tests/storage/kv_conformance.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

namespace connectd::storage::testing {
namespace {

using outcome = result<std::uint64_t>;

// A backend with shorthands, so that tests read as what they do.
template <class Backend>
struct fixture : Backend {
    loop io;

    outcome commit(write_batch batch) { return io.run(this->store().commit(std::move(batch))); }
    std::uint64_t put(family where, std::string key, std::string value) {
        return commit(putting(where, std::move(key), std::move(value))).value();
    }
    std::optional<row> get(family where, std::string key) {
        return io.run(this->store().get(where, std::move(key))).value();
    }
    page scan(family where, scan_range range) {
        return io.run(this->store().scan(where, std::move(range))).value();
    }
    std::vector<std::string> keys(family where, scan_range range) {
        std::vector<std::string> found;
        for (auto const& each : scan(where, std::move(range)).rows)
            found.push_back(each.key);
        return found;
    }
};

using names = std::vector<std::string>;

std::string numbered(std::string prefix, int number) {
    auto const digits = std::to_string(number);
    return prefix + std::string(4 - digits.size(), '0') + digits;
}

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

BOOST_AUTO_TEST_SUITE(kv_conformance_test)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_is_there_after_its_commit_and_gone_after_its_erase, backend, backends) {
    fixture<backend> store;
    BOOST_TEST(!store.get(family::accounts, "key"));
    auto const first = store.put(family::accounts, "key", "one");
    BOOST_TEST(store.get(family::accounts, "key")->value == "one");
    BOOST_TEST(store.get(family::accounts, "key")->version == first);
    auto const second = store.put(family::accounts, "key", "two");
    BOOST_TEST(second > first);
    BOOST_TEST(store.get(family::accounts, "key")->value == "two");
    BOOST_TEST(store.get(family::accounts, "key")->version == second);

    write_batch erasing;
    erasing.erase(family::accounts, "key");
    erasing.erase(family::accounts, "was never there");
    BOOST_TEST(store.commit(erasing).value() > second);
    BOOST_TEST(!store.get(family::accounts, "key"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keys_and_values_are_any_bytes, backend, backends) {
    fixture<backend> store;
    std::string every_byte;
    for (int byte = 0; byte < 256; ++byte)
        every_byte.push_back(static_cast<char>(byte));
    store.put(family::meta, every_byte, every_byte);
    store.put(family::meta, every_byte + '\0', "");
    BOOST_TEST(store.get(family::meta, every_byte)->value == every_byte);
    BOOST_TEST(store.get(family::meta, every_byte + '\0')->value == "");
    BOOST_TEST(!store.get(family::meta, every_byte.substr(1)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(families_are_separate, backend, backends) {
    fixture<backend> store;
    for (auto const each : all_families)
        store.put(each, "same key", std::string(name_of(each)));
    for (auto const each : all_families) {
        BOOST_TEST(store.get(each, "same key")->value == name_of(each));
        BOOST_TEST(store.keys(each, {"same", "same z"}) == names{"same key"},
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_scan_runs_in_bytewise_order_within_its_bounds, backend, backends) {
    fixture<backend> store;
    names const ordered{"a", std::string("a\0", 2), "aa", "b", "\x7f", "\x80", "\xff", "\xff\xff"};
    write_batch batch;
    for (auto const& key : ordered)
        batch.put(family::events, key, "value of " + key);
    auto const version = store.commit(batch).value();

    auto const all = store.scan(family::events, {});
    BOOST_TEST(!all.resume);
    BOOST_REQUIRE(all.rows.size() == ordered.size());
    for (std::size_t at = 0; at < ordered.size(); ++at) {
        BOOST_TEST(all.rows[at].key == ordered[at]);
        BOOST_TEST(all.rows[at].value == "value of " + ordered[at]);
        BOOST_TEST(all.rows[at].version == version);
    }
    auto reversed = ordered;
    std::ranges::reverse(reversed);
    using boost::test_tools::per_element;
    BOOST_TEST(store.keys(family::events, {"", "", 100, true}) == reversed, per_element());
    BOOST_TEST(store.keys(family::events, {"a", "b"}) == (names{"a", std::string("a\0", 2), "aa"}),
               per_element());
    BOOST_TEST(store.keys(family::events, {"aa", "\x80", 100, true}) == (names{"\x7f", "b", "aa"}),
               per_element());
    BOOST_TEST(store.keys(family::events, {"\xff", ""}) == (names{"\xff", "\xff\xff"}), per_element());
    BOOST_TEST(store.keys(family::events, {"b", "b"}).empty());
    BOOST_TEST(store.keys(family::events, {"b", "a"}).empty());
    BOOST_TEST(store.keys(family::events, {"b", "a", 100, true}).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pages_neither_skip_nor_repeat, backend, backends) {
    fixture<backend> store;
    names expected;
    write_batch batch;
    for (int number = 0; number < 100; ++number) {
        expected.push_back(numbered("row", number));
        batch.put(family::profiles, expected.back(), "x");
    }
    // Neighbours that belong to no page.
    batch.put(family::profiles, "rov", "x");
    batch.put(family::profiles, "rox", "x");
    BOOST_TEST(store.commit(batch).has_value());
    for (bool const reverse : {false, true}) {
        for (std::size_t const limit : {1U, 7U, 50U, 99U, 100U, 101U}) {
            names collected;
            scan_range range{"row", "rox", limit, reverse};
            for (bool more = true; more;) {
                auto part = store.scan(family::profiles, range);
                BOOST_TEST(part.rows.size() <= limit);
                for (auto const& each : part.rows)
                    collected.push_back(each.key);
                more = part.resume.has_value();
                BOOST_TEST((!more || part.rows.size() == limit));
                if (more)
                    range = resumed(range, *part.resume);
            }
            if (reverse)
                std::ranges::reverse(collected);
            BOOST_TEST(collected == expected, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_page_is_bounded_in_rows_and_bytes, backend, backends) {
    fixture<backend> store;
    for (std::size_t start = 0; start < max_page_rows + 10; start += 101) {
        write_batch batch;
        for (std::size_t number = start; number < std::min(start + 101, max_page_rows + 10); ++number)
            batch.put(family::audit, numbered("n", static_cast<int>(number)), "");
        BOOST_TEST(store.commit(batch).has_value());
    }
    BOOST_TEST(store.scan(family::audit, {"", "", 1'000'000}).rows.size() == max_page_rows);
    BOOST_TEST(store.scan(family::audit, {"", "", 0}).rows.size() == 1U);

    std::string const large(400'000, 'v');
    for (int number = 0; number < 6; ++number)
        store.put(family::outbox, numbered("large", number), large);
    for (bool const reverse : {false, true}) {
        auto const part = store.scan(family::outbox, {"", "", 100, reverse});
        BOOST_TEST(part.rows.size() == 3U);
        BOOST_REQUIRE(part.resume.has_value());
        auto const rest = store.scan(family::outbox, resumed({"", "", 100, reverse}, *part.resume));
        BOOST_TEST(rest.rows.size() == 3U);
        BOOST_TEST(!rest.resume);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_batch_is_written_whole_or_not_at_all, backend, backends) {
    fixture<backend> store;
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
    fixture<backend> store;
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
    fixture<backend> store;
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
    fixture<backend> store;
    auto const version = store.put(family::meta, "row", "value");
    write_batch checking;
    checking.require_version(family::meta, "row", version);
    BOOST_TEST(store.commit(checking).value() == version);
    checking.require_absent(family::meta, "row");
    BOOST_TEST(store.commit(checking).error() == errc::guard_failed);
    BOOST_TEST(store.commit({}).value() == version);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_later_operation_on_a_key_wins, backend, backends) {
    fixture<backend> store;
    write_batch batch;
    batch.put(family::meta, "kept", "first");
    batch.put(family::meta, "kept", "second");
    batch.put(family::meta, "erased", "first");
    batch.erase(family::meta, "erased");
    batch.erase(family::meta, "put");
    batch.put(family::meta, "put", "last");
    BOOST_TEST(store.commit(batch).has_value());
    BOOST_TEST(store.get(family::meta, "kept")->value == "second");
    BOOST_TEST(!store.get(family::meta, "erased"));
    BOOST_TEST(store.get(family::meta, "put")->value == "last");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(oversized_batches_are_refused_and_the_largest_allowed_are_not, backend,
                              backends) {
    fixture<backend> store;
    auto const refused = [&](write_batch const& batch) {
        return store.commit(batch).error() == errc::limit_exceeded;
    };
    std::string const longest_key(write_batch::max_key_size, 'k');
    std::string const longest_value(write_batch::max_value_size, 'v');
    BOOST_TEST(refused(putting(family::meta, longest_key + 'k', "")));
    BOOST_TEST(refused(putting(family::meta, "k", longest_value + 'v')));
    BOOST_TEST(store.commit(putting(family::meta, longest_key, longest_value)).has_value());
    BOOST_TEST(store.get(family::meta, longest_key)->value.size() == longest_value.size());

    write_batch guarded;
    guarded.require_absent(family::meta, longest_key + 'k');
    BOOST_TEST(refused(guarded));
    write_batch heavy;
    for (char name = 'a'; name < 'f'; ++name)
        heavy.put(family::meta, std::string(1, name), longest_value);
    BOOST_TEST(refused(heavy));
    write_batch many;
    for (std::size_t count = 0; count < write_batch::max_operations; ++count)
        many.put(family::audit, numbered("many", static_cast<int>(count)), "");
    BOOST_TEST(store.commit(many).has_value());
    many.erase(family::audit, "one more");
    BOOST_TEST(refused(many));
    write_batch watchful;
    for (std::size_t count = 0; count <= write_batch::max_guards; ++count)
        watchful.require_absent(family::meta, "k");
    BOOST_TEST(refused(watchful));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(of_many_commits_that_require_one_version_exactly_one_wins, backend, backends) {
    fixture<backend> store;
    for (int round = 0; round < 20; ++round) {
        auto const version = store.put(family::sessions, "claim", "free");
        loops threads(4);
        std::vector<std::shared_ptr<ending<outcome>>> claims;
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
    fixture<backend> store;
    loops threads(4);
    std::vector<std::shared_ptr<ending<outcome>>> all;
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
    fixture<backend> store;
    loops threads(3);
    std::vector<std::shared_ptr<ending<bool>>> all;
    for (std::size_t count = 0; count < 12; ++count)
        all.push_back(threads[count].start(stays_on_its_thread(store.store(), 20)));
    threads.finish();
    BOOST_TEST(std::ranges::all_of(all, [](auto const& each) { return each->get(); }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancelling_the_caller_does_not_cancel_its_commit, backend, backends) {
    fixture<backend> store;
    boost::asio::cancellation_signal cancel;
    auto const ended =
        store.io.start(store.store().commit(putting(family::tokens, "rotated", "new")), cancel);
    store.io.poll();
    cancel.emit(boost::asio::cancellation_type::all);
    store.io.finish();
    BOOST_TEST(ended->get().has_value());
    BOOST_TEST(store.get(family::tokens, "rotated")->value == "new");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_closed_store_says_so, backend, backends) {
    fixture<backend> store;
    store.put(family::meta, "row", "value");
    BOOST_TEST(store.store().writable());
    BOOST_TEST(store.store().failure() == "");
    store.store().close();
    store.store().close();
    BOOST_TEST(!store.store().writable());
    BOOST_TEST(store.store().failure() == "the store is closed");
    BOOST_TEST(store.commit(putting(family::meta, "row", "late")).error() == errc::store_closed);
    BOOST_TEST(store.io.run(store.store().get(family::meta, "row")).error() == errc::store_closed);
    BOOST_TEST(store.io.run(store.store().scan(family::meta, {})).error() == errc::store_closed);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_and_versions_outlive_the_process, backend, backends) {
    if constexpr (backend::keeps_rows) {
        fixture<backend> store;
        std::uint64_t newest = 0;
        for (int opening = 0; opening < 4; ++opening) {
            for (int count = 0; count < 5; ++count) {
                auto batch = putting(family::accounts, numbered("row", opening * 5 + count), "value");
                batch.erase(family::audit, "nothing");
                auto const version = store.commit(batch).value();
                BOOST_TEST(version > newest);
                newest = version;
            }
            store.reopen();
            auto const kept = store.scan(family::accounts, {});
            BOOST_TEST(kept.rows.size() == static_cast<std::size_t>(opening + 1) * 5);
            BOOST_TEST(kept.rows.back().version == newest);
        }
        write_batch erasing;
        erasing.erase(family::accounts, numbered("row", 0));
        newest = store.commit(erasing).value();
        store.reopen();
        BOOST_TEST(!store.get(family::accounts, numbered("row", 0)));
        BOOST_TEST(store.put(family::accounts, numbered("row", 0), "again") > newest);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

// What every store promises in storage/kv.hpp about rows, pages, limits and closing, run for each of them.
// Guards and concurrency are in kv_guards_test.
#include "storage/key_codec.hpp"
#include "tests/storage/kv_conformance.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace connectd::storage::testing {
namespace {

using names = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(kv_conformance_test)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_is_there_after_its_commit_and_gone_after_its_erase, backend, backends) {
    conformance<backend> store;
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
    conformance<backend> store;
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
    conformance<backend> store;
    for (auto const each : all_families)
        store.put(each, "same key", std::string(name_of(each)));
    for (auto const each : all_families) {
        BOOST_TEST(store.get(each, "same key")->value == name_of(each));
        BOOST_TEST(store.keys(each, {"same", "same z"}) == names{"same key"},
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_scan_runs_in_bytewise_order_within_its_bounds, backend, backends) {
    conformance<backend> store;
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
    conformance<backend> store;
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
    conformance<backend> store;
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

BOOST_AUTO_TEST_CASE_TEMPLATE(the_later_operation_on_a_key_wins, backend, backends) {
    conformance<backend> store;
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

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stamped_key_holds_the_number_of_its_commit, backend, backends) {
    conformance<backend> store;
    auto const stamped = [&](std::string after) {
        write_batch batch;
        batch.put_stamped(family::events, "log ", after, "value of " + after);
        batch.put_stamped(family::events, "log ", after + " again", "");
        return store.commit(std::move(batch)).value();
    };
    auto const first = stamped("z");
    store.put(family::events, "other", "");
    auto const second = stamped("a");
    auto const key = [](std::uint64_t version, std::string const& after) {
        return key_writer().raw("log ").number(version).raw(after).take();
    };
    auto const expected =
        names{key(first, "z"), key(first, "z again"), key(second, "a"), key(second, "a again")};
    BOOST_TEST(store.keys(family::events, {"log ", "log!"}) == expected, boost::test_tools::per_element());
    BOOST_TEST(store.get(family::events, key(first, "z"))->value == "value of z");
    BOOST_TEST(store.get(family::events, key(second, "a"))->version == second);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(oversized_batches_are_refused_and_the_largest_allowed_are_not, backend,
                              backends) {
    conformance<backend> store;
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

BOOST_AUTO_TEST_CASE_TEMPLATE(a_closed_store_says_so, backend, backends) {
    conformance<backend> store;
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
        conformance<backend> store;
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

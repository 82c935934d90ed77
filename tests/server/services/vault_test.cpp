#include "server/services/vault.hpp"
#include "storage/tables/data_keys.hpp"
#include "tests/server/services/support.hpp"

#include <memory>
#include <set>
#include <thread>

namespace connectd::server::services::testing {
namespace {

constexpr sealed_place home{.family = "tokens", .record_key = "row 1", .field = "material"};

struct vault_fixture : world {
    crypto::workspace_id owner = workspace().id;

    std::unique_ptr<vault> another_vault(std::string_view letters = "a", vault::options how = {}) {
        return std::make_unique<vault>(store, masters(letters), clock, how);
    }
    crypto::sealed seal(vault& with, std::string_view text, sealed_place where = home) {
        auto const value = crypto::secret::copy_of(text);
        return ok(with.seal(owner, value, where));
    }
    std::string open(vault& with, crypto::sealed const& value, sealed_place where = home) {
        return std::string{ok(with.open(owner, value, where)).reveal()};
    }
    std::vector<storage::stored<storage::data_key>> stored_keys() {
        return read(storage::data_keys::all(store, owner));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vault_test, vault_fixture)

BOOST_AUTO_TEST_CASE(what_was_sealed_opens_again_also_after_a_restart) {
    auto const sealed = seal(keys, "the token");
    BOOST_TEST(open(keys, sealed) == "the token");
    BOOST_TEST(open(*another_vault(), sealed) == "the token");
    BOOST_TEST(open(keys, seal(keys, "")) == "");
}

BOOST_AUTO_TEST_CASE(every_damaged_byte_is_noticed) {
    auto const sealed = seal(keys, "the token");
    for (std::size_t at = 0; at < sealed.encode().size(); ++at) {
        auto bytes = sealed.encode();
        bytes[at] ^= 0x01;
        auto const damaged = crypto::sealed::decode(crypto::bytes_view{bytes});
        if (damaged.has_error()) {
            continue; // the format byte: refused before any key is asked
        }
        BOOST_TEST(refusal(keys.open(owner, *damaged, home)) == errc::sealed_value_damaged);
    }
    BOOST_TEST(refusal(keys.open(owner, crypto::sealed{}, home)) == errc::sealed_value_damaged);
}

BOOST_AUTO_TEST_CASE(a_value_that_was_moved_is_refused) {
    auto const sealed = seal(keys, "the token");
    auto const other = workspace("other").id;
    BOOST_TEST(refusal(keys.open(owner, sealed, {"tokens", "row 2", "material"})) ==
               errc::sealed_value_damaged);
    BOOST_TEST(refusal(keys.open(owner, sealed, {"tokens", "row 1", "secrets"})) ==
               errc::sealed_value_damaged);
    BOOST_TEST(refusal(keys.open(owner, sealed, {"outbox", "row 1", "material"})) ==
               errc::sealed_value_damaged);
    BOOST_TEST(refusal(keys.open(other, sealed, home)) == errc::sealed_value_damaged);
    // Parts of the place cannot flow into each other.
    BOOST_TEST(refusal(keys.open(owner, sealed, {"tokensrow 1", "", "material"})) ==
               errc::sealed_value_damaged);
    BOOST_TEST(open(keys, sealed) == "the token");
}

BOOST_AUTO_TEST_CASE(a_workspace_without_keys_can_neither_seal_nor_open) {
    auto const sealed = seal(keys, "the token");
    auto const value = crypto::secret::copy_of("x");
    auto const nobody = crypto::workspace_id::make(clock.now());
    BOOST_TEST(refusal(keys.seal(nobody, value, home)) == errc::sealed_value_damaged);
    BOOST_TEST(refusal(keys.open(nobody, sealed, home)) == errc::sealed_value_damaged);
}

BOOST_AUTO_TEST_CASE(a_wrong_master_key_is_refused_and_changes_nothing) {
    ok(keys.check_master_keys());
    auto const before = everything_in(store);
    BOOST_TEST(refusal(another_vault("b")->check_master_keys()) == errc::wrong_master_key);
    BOOST_TEST(refusal(another_vault("cb")->check_master_keys()) == errc::wrong_master_key);
    BOOST_TEST((everything_in(store) == before));
    ok(another_vault("a")->check_master_keys());
    BOOST_TEST((everything_in(store) == before));
}

BOOST_AUTO_TEST_CASE(an_older_master_key_in_the_list_still_opens) {
    ok(keys.check_master_keys());
    auto const sealed = seal(keys, "the token");
    auto const newer = another_vault("ba");
    ok(newer->check_master_keys());
    BOOST_TEST(open(*newer, sealed) == "the token");
    // A workspace made now is sealed under the first of the list.
    services::workspaces makers{store, *newer, clock, chosen, revision};
    auto const fresh = ok(makers.create({.slug = "fresh", .name = "Fresh", .plan = {}})).id;
    auto const value = crypto::secret::copy_of("later");
    auto const later = ok(newer->seal(fresh, value, home));
    auto const only_b = another_vault("b");
    BOOST_TEST(ok(only_b->open(fresh, later, home)).reveal() == "later");
    BOOST_TEST(refusal(only_b->open(owner, sealed, home)) == errc::sealed_value_damaged);
}

BOOST_AUTO_TEST_CASE(seals_are_counted_ahead_and_a_restart_only_overcounts) {
    vault::options const small{.seal_block = 10, .seal_limit = 1 << 20, .cached_workspaces = 8};
    std::uint64_t made = 0;
    std::uint64_t before = 0;
    for (int restart = 0; restart < 5; ++restart) {
        auto const running = another_vault("a", small);
        for (int turn = 0; turn < 25; ++turn) {
            seal(*running, "value");
            ++made;
            BOOST_REQUIRE_GE(stored_keys().back().record.seals_reserved, made);
        }
        auto const reserved = stored_keys().back().record.seals_reserved;
        BOOST_TEST(reserved > before);
        before = reserved;
    }
    BOOST_TEST(stored_keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_block_of_seals_costs_one_write) {
    seal(keys, "the first takes the block");
    auto const version = stored_keys().back().version;
    for (int turn = 0; turn < 100; ++turn) {
        seal(keys, "value");
    }
    BOOST_TEST(stored_keys().back().version == version);
}

BOOST_AUTO_TEST_CASE(a_key_that_has_sealed_enough_is_replaced_and_old_values_stay_readable) {
    vault::options const low{.seal_block = 64, .seal_limit = 4096, .cached_workspaces = 8};
    auto const running = another_vault("a", low);
    auto const oldest = seal(*running, "the oldest");
    crypto::sealed newest;
    for (int turn = 0; turn < 2400; ++turn) {
        newest = seal(*running, "a value");
    }
    BOOST_TEST(oldest.key_version() == 1U);
    BOOST_TEST(newest.key_version() == 2U);
    BOOST_TEST(stored_keys().size() == 2U);
    BOOST_TEST(open(*running, oldest) == "the oldest");
    auto const restarted = another_vault("a", low);
    BOOST_TEST(open(*restarted, oldest) == "the oldest");
    BOOST_TEST(open(*restarted, newest) == "a value");
    BOOST_TEST(seal(*restarted, "after the restart").key_version() >= 2U);
}

BOOST_AUTO_TEST_CASE(more_workspaces_than_are_remembered_all_keep_working) {
    vault::options const tight{.seal_block = 64, .seal_limit = 1 << 20, .cached_workspaces = 2};
    auto const running = another_vault("a", tight);
    std::vector<std::pair<crypto::workspace_id, crypto::sealed>> all;
    for (int number = 0; number < 6; ++number) {
        auto const id = workspace("w" + std::to_string(number)).id;
        auto const value = crypto::secret::copy_of(std::to_string(number));
        all.emplace_back(id, ok(running->seal(id, value, home)));
    }
    for (std::size_t number = 0; number < all.size(); ++number) {
        BOOST_TEST(ok(running->open(all[number].first, all[number].second, home)).reveal() ==
                   std::to_string(number));
    }
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_no_writes_refuses_seals_and_still_opens) {
    auto const sealed = seal(keys, "the token");
    auto const restarted = another_vault();
    store.fail_writes("disk full");
    auto const value = crypto::secret::copy_of("x");
    auto const why = failed(restarted->seal(owner, value, home));
    BOOST_TEST(is_store_unavailable(why.code));
    BOOST_TEST(open(*restarted, sealed) == "the token");
}

BOOST_AUTO_TEST_CASE(coroutines_that_seal_at_once_agree_on_one_count) {
    interleaved_world busy;
    auto const id = busy.workspace().id;
    vault::options const small{.seal_block = 8, .seal_limit = 4096, .cached_workspaces = 8};
    vault shared{busy.store, masters("a"), busy.clock, small};
    auto const value = crypto::secret::copy_of("value");
    std::vector<std::shared_ptr<tests::running<outcome<crypto::sealed>>>> all;
    for (int turn = 0; turn < 2200; ++turn) {
        all.push_back(tests::start(busy.io, shared.seal(id, value, home)));
    }
    std::set<std::vector<std::uint8_t>> nonces;
    for (auto const& one : all) {
        auto const sealed = tests::finish(busy.io, one);
        BOOST_REQUIRE(sealed.has_value());
        nonces.emplace(sealed->nonce().begin(), sealed->nonce().end());
        BOOST_REQUIRE_EQUAL(busy.ok(shared.open(id, *sealed, home)).reveal(), "value");
    }
    BOOST_TEST(nonces.size() == all.size());
    auto const keys_now = busy.read(storage::data_keys::all(busy.store, id));
    std::uint64_t reserved = 0;
    for (auto const& key : keys_now) {
        reserved += key.record.seals_reserved;
    }
    BOOST_TEST(keys_now.size() <= 2U);
    BOOST_TEST(reserved >= all.size());
}

BOOST_AUTO_TEST_CASE(threads_share_one_vault) {
    auto const seal_many = [this](std::vector<crypto::sealed>& into) {
        runner own;
        auto const value = crypto::secret::copy_of("value");
        for (int turn = 0; turn < 300; ++turn) {
            auto const sealed = tests::run(own.io, keys.seal(owner, value, home));
            if (sealed.has_value()) {
                into.push_back(*sealed);
            }
        }
    };
    std::vector<std::vector<crypto::sealed>> results(4);
    {
        std::vector<std::jthread> threads;
        for (auto& into : results) {
            threads.emplace_back(seal_many, std::ref(into));
        }
    }
    for (auto const& of_one : results) {
        BOOST_TEST(of_one.size() == 300U);
        for (auto const& sealed : of_one) {
            BOOST_REQUIRE_EQUAL(open(keys, sealed), "value");
        }
    }
    BOOST_TEST(stored_keys().back().record.seals_reserved >= 1200U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

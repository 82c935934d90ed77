#include "storage/tables/api_keys.hpp"
#include "tests/storage/tables_support.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::storage::testing {
namespace {

api_key a_key(crypto::workspace_id workspace, char digest) {
    return {next_id<crypto::api_key_id>(),
            workspace,
            "Name",
            {"accounts:read", "proxy"},
            std::string(32, digest),
            "cd_live_abcd",
            at(1),
            at(99),
            {}};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_keys_test, tables_fixture)

BOOST_AUTO_TEST_CASE(a_key_is_found_by_its_digest_across_workspaces) {
    auto const first = create<api_keys>(a_key(next_id<crypto::workspace_id>(), 'a'));
    auto const second = create<api_keys>(a_key(next_id<crypto::workspace_id>(), '\xff'));
    BOOST_TEST((run(api_keys::find_by_digest(store, first.digest))->record == first));
    BOOST_TEST((run(api_keys::find_by_digest(store, second.digest))->record == second));
    BOOST_TEST(!run(api_keys::find_by_digest(store, std::string(32, 'b'))));
    BOOST_TEST(!run(api_keys::get(store, first.workspace, second.id)));
    write_batch batch;
    api_keys::create(batch, a_key(first.workspace, '\xff'));
    BOOST_TEST(guard_refuses(batch));
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_found_as_revoked) {
    auto const key = create<api_keys>(a_key(next_id<crypto::workspace_id>(), 'a'));
    auto revoked = key;
    revoked.revoked_at = at(50);
    write_batch batch;
    api_keys::replace(batch, run(api_keys::get(store, key.workspace, key.id)).value(), revoked);
    commit(batch);
    BOOST_TEST((run(api_keys::find_by_digest(store, key.digest))->record == revoked));
    BOOST_TEST(rows(family::api_keys) == 2U);
}

BOOST_AUTO_TEST_CASE(a_list_holds_the_keys_of_one_workspace_only) {
    auto const mine = next_id<crypto::workspace_id>();
    std::vector<api_key> expected;
    for (char digest = 'a'; digest < 'f'; ++digest)
        expected.push_back(create<api_keys>(a_key(mine, digest)));
    create<api_keys>(a_key(next_id<crypto::workspace_id>(), 'z'));
    auto const all =
        collect([&](std::optional<std::string> cursor) { return api_keys::list(store, mine, cursor, 2); });
    BOOST_TEST((all == expected));
}

BOOST_AUTO_TEST_CASE(an_erased_key_opens_nothing) {
    auto const key = create<api_keys>(a_key(next_id<crypto::workspace_id>(), 'a'));
    write_batch batch;
    api_keys::erase(batch, run(api_keys::get(store, key.workspace, key.id)).value());
    commit(batch);
    BOOST_TEST(!run(api_keys::find_by_digest(store, key.digest)));
    BOOST_TEST(rows(family::api_keys) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

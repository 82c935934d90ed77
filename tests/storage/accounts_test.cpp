#include "storage/tables/accounts.hpp"
#include "tests/storage/tables_support.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::storage::testing {
namespace {

struct fixture : tables_fixture {
    crypto::workspace_id mine = next_id<crypto::workspace_id>();
    crypto::profile_id profile = next_id<crypto::profile_id>();

    account an_account(std::string platform, std::string user) const {
        account record;
        record.id = next_id<crypto::account_id>();
        record.workspace = mine;
        record.profile = profile;
        record.platform = std::move(platform);
        record.credentials = next_id<crypto::credentials_id>();
        record.platform_user_id = std::move(user);
        record.username = "someone";
        record.display_name = "Some One";
        record.avatar_url = "https://example.com/a.png";
        record.status = account_status::active;
        record.status_cause = "cause";
        record.scopes = {"tweet.read"};
        record.api_base = "https://api.example.com";
        record.metadata = "{}";
        record.created_at = at(1);
        record.updated_at = at(2);
        record.connected_at = at(3);
        record.access_expires_at = at(4);
        record.next_refresh_at = at(5);
        record.kind = "person";
        record.next_notice_at = at(6);
        return record;
    }

    std::vector<account> list(account_filter filter, std::size_t limit) {
        return collect([&](std::optional<std::string> cursor) {
            return accounts::list(store, mine, filter, cursor, limit);
        });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(accounts_test, fixture)

BOOST_AUTO_TEST_CASE(an_identity_is_unique_within_its_workspace_and_profile) {
    auto const record = create<accounts>(an_account("x", "17"));
    BOOST_TEST((run(accounts::get(store, mine, record.id))->record == record));
    BOOST_TEST((run(accounts::find_by_identity(store, mine, profile, "x", "17"))->record == record));
    BOOST_TEST(!run(accounts::find_by_identity(store, mine, profile, "x", "1")));
    BOOST_TEST(!run(accounts::find_by_identity(store, mine, next_id<crypto::profile_id>(), "x", "17")));
    BOOST_TEST(!run(accounts::find_by_identity(store, next_id<crypto::workspace_id>(), profile, "x", "17")));
    BOOST_TEST(!run(accounts::get(store, next_id<crypto::workspace_id>(), record.id)));

    write_batch batch;
    accounts::create(batch, an_account("x", "17"));
    BOOST_TEST(guard_refuses(batch));
    create<accounts>(an_account("x1", "7"));
    auto other_profile = an_account("x", "17");
    other_profile.profile = next_id<crypto::profile_id>();
    create<accounts>(other_profile);
}

BOOST_AUTO_TEST_CASE(the_same_id_on_two_instances_is_two_identities) {
    auto const at_instance = [&](std::string instance) {
        auto record = an_account("mastodon", "17");
        record.instance = std::move(instance);
        return record;
    };
    auto const one = create<accounts>(at_instance("https://one.example"));
    auto const two = create<accounts>(at_instance("https://two.example"));
    auto const find = [&](std::string instance) {
        auto const found =
            run(accounts::find_by_identity(store, mine, profile, "mastodon", "17", std::move(instance)));
        return found ? found->record.id : crypto::account_id{};
    };
    BOOST_TEST((find("https://one.example") == one.id));
    BOOST_TEST((find("https://two.example") == two.id));
    BOOST_TEST(find("").is_nil());
    write_batch batch;
    accounts::create(batch, at_instance("https://one.example"));
    BOOST_TEST(guard_refuses(batch));
    BOOST_TEST((list({.instance = "https://two.example"}, 10) == std::vector{two}));
}

BOOST_AUTO_TEST_CASE(a_moved_account_is_found_where_it_went) {
    auto const record = create<accounts>(an_account("x", "17"));
    auto const read = run(accounts::get(store, mine, record.id)).value();
    auto moved = record;
    moved.profile = next_id<crypto::profile_id>();
    write_batch batch;
    accounts::replace(batch, read, moved);
    commit(batch);
    BOOST_TEST(list({.profile = profile}, 10).empty());
    BOOST_TEST((list({.profile = moved.profile}, 10) == std::vector{moved}));
    BOOST_TEST(!run(accounts::find_by_identity(store, mine, profile, "x", "17")));
    BOOST_TEST(rows(family::accounts) == 4U); // its own and three index rows
    write_batch erasing;
    accounts::erase(erasing, run(accounts::get(store, mine, record.id)).value());
    commit(erasing);
    BOOST_TEST(rows(family::accounts) == 0U);
}

BOOST_AUTO_TEST_CASE(a_disconnected_account_needs_no_app_and_holds_no_grant) {
    auto record = an_account("x", "17");
    record.grant_owner = "17";
    create<accounts>(record);
    auto const read = run(accounts::get(store, mine, record.id)).value();
    auto left = record;
    left.status = account_status::disconnected;
    write_batch batch;
    accounts::replace(batch, read, left);
    commit(batch);
    BOOST_TEST(run(accounts::list_by_credentials(store, mine, record.credentials, {}, 10)).items.empty());
    BOOST_TEST(run(accounts::list_by_grant_owner(store, "17", {}, 10)).items.empty());
    BOOST_TEST((run(accounts::find_by_identity(store, mine, profile, "x", "17"))->record == left));
    BOOST_TEST((list({}, 10) == std::vector{left}));
    BOOST_TEST(list({.connected_only = true}, 10).empty());
    BOOST_TEST((list({.status = account_status::disconnected}, 10) == std::vector{left}));
}

BOOST_AUTO_TEST_CASE(a_part_of_a_name_finds_an_account) {
    auto record = an_account("x", "17");
    record.username = "ada_Marlow";
    record.display_name = "Ada \xc3\x84 M.";
    create<accounts>(record);
    create<accounts>(an_account("x", "18"));
    for (auto const* part : {"ada_marlow", "MARLOW", "\xc3\x84 m", "."}) {
        BOOST_TEST((list({.text = part}, 10) == std::vector{record}), part);
    }
    BOOST_TEST(list({.text = "\xc3\xa4"}, 10).empty()); // the case of ASCII only
    BOOST_TEST(list({.text = "someone"}, 10).size() == 1U);
}

BOOST_AUTO_TEST_CASE(filters_select_and_pages_keep_the_order) {
    std::vector<account> all;
    auto const other = next_id<crypto::profile_id>();
    for (int count = 0; count < 40; ++count) {
        auto record = an_account(count % 2 == 0 ? "x" : "bluesky", std::to_string(count));
        record.status = count % 5 == 0 ? account_status::revoked : account_status::active;
        record.profile = count % 3 == 0 ? other : profile;
        all.push_back(create<accounts>(record));
    }
    auto elsewhere = an_account("x", "1000");
    elsewhere.workspace = next_id<crypto::workspace_id>();
    create<accounts>(elsewhere);

    account_filter const filters[] = {
        {},
        {.platform = "x"},
        {.status = account_status::revoked},
        {.profile = other},
        {.platform = "bluesky", .status = account_status::active, .profile = profile},
        {.platform = "nothing"}};
    for (auto const& filter : filters) {
        std::vector<account> expected;
        for (auto const& each : all)
            if ((!filter.platform || *filter.platform == each.platform) &&
                (!filter.status || *filter.status == each.status) &&
                (!filter.profile || *filter.profile == each.profile))
                expected.push_back(each);
        for (std::size_t const limit : {1U, 3U, 40U, 100U})
            BOOST_TEST((list(filter, limit) == expected));
    }
}

BOOST_AUTO_TEST_CASE(the_accounts_of_an_app_are_listed) {
    auto const first = create<accounts>(an_account("x", "1"));
    auto second = an_account("x", "2");
    second.credentials = first.credentials;
    create<accounts>(second);
    create<accounts>(an_account("x", "3"));
    auto without_app = an_account("bluesky", "did");
    without_app.credentials = {};
    create<accounts>(without_app);
    auto const of = [&](crypto::credentials_id app) {
        return collect([&](std::optional<std::string> cursor) {
            return accounts::list_by_credentials(store, mine, app, cursor, 1);
        });
    };
    BOOST_TEST((of(first.credentials) == std::vector{first, second}));
    BOOST_TEST(of({}).empty());
    auto const read = run(accounts::get(store, mine, first.id)).value();
    auto moved = first;
    moved.credentials = next_id<crypto::credentials_id>();
    write_batch batch;
    accounts::replace(batch, read, moved);
    commit(batch);
    BOOST_TEST((of(first.credentials) == std::vector{second}));
    BOOST_TEST((of(moved.credentials) == std::vector{moved}));
}

BOOST_AUTO_TEST_CASE(all_that_one_person_has_granted_is_listed_over_all_workspaces) {
    auto granted = [&](std::string platform, std::string user, std::string owner) {
        auto record = an_account(std::move(platform), std::move(user));
        record.kind = "page";
        record.grant_owner = std::move(owner);
        return record;
    };
    auto const first = create<accounts>(granted("facebook", "1", "ada"));
    auto const second = create<accounts>(granted("instagram", "2", "ada"));
    create<accounts>(granted("facebook", "3", "adam"));
    create<accounts>(granted("facebook", "4", ""));
    auto elsewhere = granted("facebook", "1", "ada");
    elsewhere.workspace = next_id<crypto::workspace_id>();
    create<accounts>(elsewhere);
    auto const of = [&](std::string const& owner) {
        return collect([&](std::optional<std::string> cursor) {
            return accounts::list_by_grant_owner(store, owner, cursor, 2);
        });
    };
    BOOST_TEST((of("ada") == std::vector{first, second, elsewhere}));
    BOOST_TEST(of("ad").empty());
    BOOST_TEST(of("").empty());
    BOOST_TEST(list({}, 10).size() == 4U); // rows of the index are no rows of the list
    write_batch batch;
    accounts::erase(batch, run(accounts::get(store, mine, first.id)).value());
    commit(batch);
    BOOST_TEST((of("ada") == std::vector{second, elsewhere}));
}

BOOST_AUTO_TEST_CASE(a_rare_match_is_reached_over_short_pages) {
    constexpr std::size_t many = 2 * accounts::max_examined + 20;
    for (std::size_t count = 0; count < many; ++count)
        create<accounts>(an_account("x", std::to_string(count)));
    auto const rare = create<accounts>(an_account("bluesky", "did"));
    auto const first = run(accounts::list(store, mine, {.platform = "bluesky"}, std::nullopt, 20));
    BOOST_TEST(first.items.empty());
    BOOST_TEST(first.next_cursor.has_value());
    BOOST_TEST((list({.platform = "bluesky"}, 20) == std::vector{rare}));
    BOOST_TEST((list({.platform = "bluesky", .profile = profile}, 1) == std::vector{rare}));
}

BOOST_AUTO_TEST_CASE(a_cursor_of_another_workspace_or_list_is_refused) {
    create<accounts>(an_account("x", "1"));
    create<accounts>(an_account("x", "2"));
    auto const cursor = run(accounts::list(store, mine, {}, std::nullopt, 1)).next_cursor;
    BOOST_REQUIRE(cursor.has_value());
    BOOST_TEST(io.run(accounts::list(store, next_id<crypto::workspace_id>(), {}, cursor, 1)).error() ==
               errc::invalid_cursor);
    BOOST_TEST(io.run(accounts::list(store, mine, {.profile = profile}, cursor, 1)).error() ==
               errc::invalid_cursor);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

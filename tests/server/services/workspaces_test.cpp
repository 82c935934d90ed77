#include "server/services/workspaces.hpp"
#include "storage/tables/profiles.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {

BOOST_FIXTURE_TEST_SUITE(workspaces_test, world)

BOOST_AUTO_TEST_CASE(a_new_workspace_has_a_default_profile_and_can_seal) {
    auto const made = ok(workspaces.create({.slug = "acme", .name = "Acme", .plan = {}}));
    BOOST_TEST(made.plan == "team");
    BOOST_TEST((made.created_at == clock.now()));
    auto const profile = ok(profiles.get(made.id, made.default_profile.to_string()));
    BOOST_TEST(profile.name == "Default");
    auto const value = crypto::secret::copy_of("x");
    ok(keys.seal(made.id, value, {"tokens", "row", "material"}));
    BOOST_TEST(ok(workspaces.get(made.id.to_string())).slug == "acme");
}

BOOST_AUTO_TEST_CASE(slugs_are_short_lower_case_words) {
    for (std::string const good : {"a", "0", "acme-2", "a-b-c"}) {
        BOOST_TEST(workspace(good).slug == good);
    }
    BOOST_TEST(workspace(std::string(63, 's')).slug.size() == 63U);
    for (std::string const bad :
         {"", "-acme", "acme-", "Acme", "ac me", "ac_me", "acm\xc3\xa9", "a/b", "acme\n"}) {
        auto const why = failed(workspaces.create({.slug = bad, .name = "Acme", .plan = {}}));
        BOOST_TEST(why.code == make_error_code(errc::field_invalid), bad);
        BOOST_TEST(why.field == "slug", bad);
    }
    BOOST_TEST(failed(workspaces.create({.slug = std::string(64, 's'), .name = "A", .plan = {}})).field ==
               "slug");
}

BOOST_AUTO_TEST_CASE(a_slug_is_taken_once_and_the_second_leaves_nothing_behind) {
    workspace("acme");
    auto const before = everything_in(store);
    auto const why = failed(workspaces.create({.slug = "acme", .name = "Second", .plan = {}}));
    BOOST_TEST(why.code == make_error_code(errc::slug_taken));
    BOOST_TEST(why.field == "slug");
    BOOST_TEST((everything_in(store) == before));
}

BOOST_AUTO_TEST_CASE(name_and_plan_are_checked) {
    BOOST_TEST(failed(workspaces.create({.slug = "a", .name = "", .plan = {}})).field == "name");
    BOOST_TEST(failed(workspaces.create({.slug = "a", .name = "   ", .plan = {}})).field == "name");
    BOOST_TEST(failed(workspaces.create({.slug = "a", .name = "A\x07", .plan = {}})).field == "name");
    BOOST_TEST(failed(workspaces.create({.slug = "a", .name = "A", .plan = "gold"})).field == "plan");
    BOOST_TEST(workspace("a", "small").plan == "small");
}

BOOST_AUTO_TEST_CASE(two_that_race_for_a_slug_get_it_once) {
    interleaved_world busy;
    auto const ask = [&] {
        return tests::start(busy.io, busy.workspaces.create({.slug = "acme", .name = "Acme", .plan = {}}));
    };
    auto const one = ask();
    auto const two = ask();
    auto const first = tests::finish(busy.io, one);
    auto const second = tests::finish(busy.io, two);
    BOOST_TEST(first.has_value() != second.has_value());
    auto const& loser = first.has_value() ? second : first;
    BOOST_TEST(loser.error().code == make_error_code(errc::slug_taken));
}

BOOST_AUTO_TEST_CASE(unknown_ids_find_nothing) {
    for (std::string const id : {"", "wsp_", "nonsense", "acc_01ARZ3NDEKTSV4RRFFQ69G5FAV"}) {
        BOOST_TEST(refusal(workspaces.get(id)) == errc::workspace_not_found, id);
    }
    BOOST_TEST(refusal(workspaces.get(crypto::workspace_id::make(clock.now()).to_string())) ==
               errc::workspace_not_found);
}

BOOST_AUTO_TEST_CASE(the_list_is_complete_and_in_order) {
    std::vector<std::string> made;
    for (std::string const slug : {"c", "a", "b"}) {
        clock.advance(1ms);
        made.push_back(workspace(slug).slug);
    }
    std::vector<std::string> seen;
    page_request page{.limit = 1, .cursor = {}};
    do {
        auto const part = ok(workspaces.list(page));
        for (auto const& item : part.items) {
            seen.push_back(item.slug);
        }
        page.cursor = part.next_cursor;
    } while (page.cursor);
    BOOST_TEST(seen == made, boost::test_tools::per_element());
    BOOST_TEST(failed(workspaces.list({.limit = 1, .cursor = "?"})).field == "cursor");
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_no_writes_says_so) {
    store.fail_writes("disk full");
    auto const why = failed(workspaces.create({.slug = "acme", .name = "Acme", .plan = {}}));
    BOOST_TEST(is_store_unavailable(why.code));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

#include "server/services/profiles.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

struct profiles_fixture : world {
    crypto::workspace_id owner = workspace().id;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profiles_test, profiles_fixture)

BOOST_AUTO_TEST_CASE(a_profile_is_found_by_its_id_and_its_external_id) {
    auto const made =
        ok(profiles.create(owner, {.name = "Ann", .external_id = "user-1", .metadata = R"({"a":1})"}));
    auto const got = ok(profiles.get(owner, made.id.to_string()));
    BOOST_TEST(got.name == "Ann");
    BOOST_TEST(got.metadata == R"({"a":1})");
    auto const found = ok(profiles.list(owner, "user-1", {}));
    BOOST_REQUIRE_EQUAL(found.items.size(), 1U);
    BOOST_TEST(found.items[0].id.to_string() == made.id.to_string());
    BOOST_TEST(ok(profiles.list(owner, "user-2", {})).items.empty());
}

BOOST_AUTO_TEST_CASE(an_external_id_is_unique_in_its_workspace_and_may_be_empty) {
    ok(profiles.create(owner, {.name = "Ann", .external_id = "user-1", .metadata = {}}));
    auto const why = failed(profiles.create(owner, {.name = "Bob", .external_id = "user-1", .metadata = {}}));
    BOOST_TEST(why.code == make_error_code(errc::external_id_taken));
    BOOST_TEST(why.field == "external_id");
    ok(profiles.create(owner, {.name = "Cid", .external_id = {}, .metadata = {}}));
    ok(profiles.create(owner, {.name = "Dee", .external_id = {}, .metadata = {}}));
    auto const other = workspace("other").id;
    ok(profiles.create(other, {.name = "Eve", .external_id = "user-1", .metadata = {}}));
}

BOOST_AUTO_TEST_CASE(another_workspace_sees_nothing) {
    auto const made = ok(profiles.create(owner, {.name = "Ann", .external_id = "user-1", .metadata = {}}));
    auto const other = workspace("other").id;
    BOOST_TEST(refusal(profiles.get(other, made.id.to_string())) == errc::profile_not_found);
    BOOST_TEST(ok(profiles.list(other, "user-1", {})).items.empty());
    BOOST_TEST(ok(profiles.list(other, {}, {})).items.size() == 1U); // its own default one
    BOOST_TEST(refusal(profiles.get(owner, "prof_nonsense")) == errc::profile_not_found);
}

BOOST_AUTO_TEST_CASE(input_is_checked) {
    auto const field = [&](new_profile input) {
        auto const why = failed(profiles.create(owner, std::move(input)));
        BOOST_TEST(why.code == make_error_code(errc::field_invalid));
        return why.field;
    };
    BOOST_TEST(field({.name = "", .external_id = {}, .metadata = {}}) == "name");
    BOOST_TEST(field({.name = "Ann", .external_id = std::string(257, 'x'), .metadata = {}}) == "external_id");
    BOOST_TEST(field({.name = "Ann", .external_id = "a\tb", .metadata = {}}) == "external_id");
    BOOST_TEST(field({.name = "Ann", .external_id = {}, .metadata = std::string(16 * 1024 + 1, ' ')}) ==
               "metadata");
    ok(profiles.create(
        owner,
        {.name = "Ann", .external_id = std::string(256, 'x'), .metadata = std::string(16 * 1024, ' ')}));
}

BOOST_AUTO_TEST_CASE(a_cursor_of_another_workspace_is_refused) {
    for (int number = 0; number < 3; ++number) {
        ok(profiles.create(owner, {.name = "Ann", .external_id = {}, .metadata = {}}));
    }
    auto const page = ok(profiles.list(owner, {}, {.limit = 2, .cursor = {}}));
    BOOST_REQUIRE(page.next_cursor.has_value());
    auto const other = workspace("other").id;
    BOOST_TEST(failed(profiles.list(other, {}, {.limit = 2, .cursor = page.next_cursor})).field == "cursor");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing

// What a person granted at Facebook and takes back: the list of permissions, the end of one and the end of
// all, with what dies of it.
#include "tests/sandbox/graph_stage.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

BOOST_FIXTURE_TEST_SUITE(facebook_permissions_test, facebook_stage)

BOOST_AUTO_TEST_CASE(removing_all_permissions_kills_every_token_of_that_person_and_app) {
    auto const first = long_token();
    auto const page = get("/me/accounts?fields=access_token", first).text("/data/0/access_token");
    auto const sibling = long_token();
    auto const stranger = long_token("ben");
    auto const done = remove("/me/permissions", sibling);
    BOOST_TEST(done.status == 200U);
    BOOST_TEST(done.body == R"({"success":true})");
    for (auto const& token : {first, page, sibling})
        BOOST_TEST(error_of(get("/me", token)) == "190/458");
    BOOST_TEST(error_of(exchange_for_long(first)) == "190/458");
    BOOST_TEST(get("/me", stranger).status == 200U);
    BOOST_TEST(error_of(remove("/me/permissions", sibling)) == "190/458");
    BOOST_TEST(get("/me", long_token()).status == 200U);
}

BOOST_AUTO_TEST_CASE(the_persons_id_works_instead_of_me) {
    auto const token = long_token();
    auto const id = get("/me", token).text("/id");
    BOOST_TEST(error_of(remove("/12000000000000009/permissions", token)) == "100/33");
    BOOST_TEST(get("/me", token).status == 200U);
    BOOST_TEST(remove("/" + id + "/permissions", token).body == R"({"success":true})");
    BOOST_TEST(error_of(get("/me", token)) == "190/458");
}

BOOST_AUTO_TEST_CASE(a_page_token_cannot_remove_permissions) {
    auto const token = long_token();
    auto const page = get("/me/accounts?fields=access_token", token).text("/data/0/access_token");
    auto const id = get("/me", token).text("/id");
    BOOST_TEST(error_of(remove("/me/permissions", page)) == "100/33");
    BOOST_TEST(error_of(remove("/" + id + "/permissions", page)) == "100/33");
    BOOST_TEST(error_of(remove("/me/permissions", "EAAnone")) == "190");
    BOOST_TEST(get("/me", token).status == 200U);
}

BOOST_AUTO_TEST_CASE(one_permission_goes_and_the_tokens_live_on_without_it) {
    auto const token = long_token();
    auto const page = get("/me/accounts?fields=access_token", token).text("/data/0/access_token");
    BOOST_TEST(remove("/me/permissions/pages_manage_posts", token).body == R"({"success":true})");
    auto const left = get("/me/permissions", token).json();
    auto const& last = left.at("data").as_array().back();
    BOOST_TEST(last.at("permission").as_string() == "pages_manage_posts");
    BOOST_TEST(last.at("status").as_string() == "declined");
    BOOST_TEST(error_of(post("/" + page_id("ada") + "/feed", page, {{"message", "Rolls"}})) == "200");
    BOOST_TEST(error_of(remove("/me/permissions/unheard_of", token)) == "100");
    BOOST_TEST(!get("/me/accounts", token).text("/data/0/id").empty());
}

BOOST_AUTO_TEST_CASE(the_user_takes_the_app_away_on_the_site) {
    auto const token = long_token();
    tell("POST", "/people/ada/revoke", boost::json::object{{"platform", "facebook"}});
    BOOST_TEST(error_of(get("/me", token)) == "190/458");
    BOOST_TEST(get("/me", token).header("www-authenticate").find("\"invalid_token\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

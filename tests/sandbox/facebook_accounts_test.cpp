// The pages of a person at Facebook: which are listed, with which fields and tokens, over how many answers,
// and how those that a business holds are found.
#include "tests/sandbox/graph_stage.hpp"
#include "tests/sandbox/stage.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;

struct accounts_stage : facebook_stage {
    std::vector<std::string> names(answer const& got) {
        std::vector<std::string> found;
        auto const body = got.json();
        for (auto const& each : body.at("data").as_array())
            found.emplace_back(each.at("name").as_string());
        return found;
    }
    // What follows the origin in the URL of the next page.
    std::string next(answer const& got) {
        auto const url = got.text("/paging/next");
        return url.empty() ? url : url.substr(pretend.url("facebook").size());
    }
};

using names_list = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(facebook_accounts_test, accounts_stage)

BOOST_AUTO_TEST_CASE(a_list_without_fields_has_the_usual_ones) {
    auto const got = get("/me/accounts", long_token());
    BOOST_TEST(got.status == 200U);
    auto const body = got.json();
    auto const& page = body.at_pointer("/data/0").as_object();
    BOOST_TEST(page.size() == 6U);
    BOOST_TEST(got.text("/data/0/name") == "Harbour Bakery");
    BOOST_TEST(got.text("/data/0/access_token").starts_with("EAA"));
    BOOST_TEST(got.text("/data/0/id").size() >= 17U);
    BOOST_TEST(page.at("tasks").as_array().size() == 6U);
}

BOOST_AUTO_TEST_CASE(named_fields_drop_the_usual_ones_and_the_token_with_them) {
    auto const token = long_token();
    auto const got = get("/me/accounts?fields=name,username", token);
    BOOST_TEST(got.body.find("access_token\":") == std::string::npos);
    auto const body = got.json();
    BOOST_TEST(body.at_pointer("/data/0").as_object().size() == 3U);
    BOOST_TEST(got.text("/data/0/username") == "harbourbakery");
    BOOST_TEST(!got.text("/data/0/id").empty());
    auto const picture = get("/me/accounts?fields=picture.type(large)", token);
    auto const url = picture.text("/data/0/picture/data/url");
    BOOST_TEST(at.get(url.substr(pretend.url("facebook").size())).status == 200U);
    BOOST_TEST(error_of(get("/me/accounts?fields=name,avatar", token)) == "100");
    BOOST_TEST(error_of(get("/me/accounts?fields=name,picture.type(large", token)) == "2500");
}

BOOST_AUTO_TEST_CASE(pages_come_over_several_answers_with_cursors_on_the_last_one_too) {
    auto const token = long_token("ben");
    auto const first = get("/me/accounts?fields=name,tasks,access_token&limit=2", token);
    BOOST_TEST(names(first) == (names_list{"Ben's Bikes", "Riverside Allotments"}),
               boost::test_tools::per_element());
    auto const url = first.text("/paging/next");
    BOOST_TEST(url.starts_with(pretend.url("facebook") + "/v26.0/"));
    BOOST_TEST(parameter_of(url, "access_token") == token);
    BOOST_TEST(parameter_of(url, "fields") == "name,tasks,access_token");
    auto const last = at.get(next(first));
    BOOST_TEST(names(last) == (names_list{"Okafor & Daughters"}), boost::test_tools::per_element());
    BOOST_TEST(next(last).empty());
    BOOST_TEST(!last.text("/paging/cursors/after").empty());
    auto const beyond = get("/me/accounts?fields=name&after=" + last.text("/paging/cursors/after"), token);
    BOOST_TEST(beyond.body == R"({"data":[]})");
    auto const back =
        get("/me/accounts?fields=name&limit=2&before=" + last.text("/paging/cursors/before"), token);
    BOOST_TEST(names(back) == names(first), boost::test_tools::per_element());
    BOOST_TEST(error_of(get("/me/accounts?after=nonsense", token)) == "100");
    BOOST_TEST(error_of(get("/me/accounts?limit=0", token)) == "100");
}

BOOST_AUTO_TEST_CASE(twenty_five_pages_come_at_once_and_a_hundred_at_most) {
    boost::json::array pages;
    for (int i = 1; i <= 130; ++i)
        pages.push_back(boost::json::object{{"name", "Page " + std::to_string(i)}});
    tell("PUT", "/facebook/people/cleo", boost::json::object{{"pages", pages}});
    auto const token = long_token("cleo");
    BOOST_TEST(names(get("/me/accounts", token)).size() == 25U);
    auto const many = get("/me/accounts?fields=name,access_token&limit=500", token);
    BOOST_TEST(names(many).size() == 100U);
    BOOST_TEST(names(at.get(next(many))).size() == 30U);
    BOOST_TEST(get("/me", many.text("/data/0/access_token")).text("/name") == "Page 1");
}

BOOST_AUTO_TEST_CASE(a_page_may_lack_the_task_the_token_and_the_user_name) {
    auto const got = get("/me/accounts?fields=tasks,username,access_token", long_token("ben"));
    auto const body = got.json();
    BOOST_TEST(body.at_pointer("/data/1/tasks").as_array().size() == 2U);
    BOOST_TEST(!got.text("/data/1/access_token").empty());
    BOOST_TEST(!body.at_pointer("/data/2").as_object().contains("username"));
    tell("PUT", "/facebook/people/cleo",
         boost::json::object{{"pages", {{{"name", "Guarded"}, {"token_withheld", true}}}}});
    auto const guarded = get("/me/accounts", long_token("cleo"));
    BOOST_TEST(guarded.text("/data/0/name") == "Guarded");
    BOOST_TEST(guarded.body.find("access_token") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_page_to_list_is_a_success) {
    auto const nobody = get("/me/accounts", long_token("cleo"));
    BOOST_TEST(nobody.status == 200U);
    BOOST_TEST(nobody.body == R"({"data":[]})");
    BOOST_TEST(get("/me/accounts", long_token("ada", "email")).body == R"({"data":[]})");
    auto const picked_none = exchange(code({}, {{"assets", boost::json::array{}}})).text("/access_token");
    BOOST_TEST(get("/me/accounts", picked_none).body == R"({"data":[]})");
}

BOOST_AUTO_TEST_CASE(only_the_pages_picked_at_the_dialog_are_reached) {
    auto const second = page_id("ben", 1);
    auto const token = exchange(code({}, {{"person", "ben"}, {"assets", {second}}})).text("/access_token");
    BOOST_TEST(names(get("/me/accounts", token)) == (names_list{"Riverside Allotments"}),
               boost::test_tools::per_element());
    BOOST_TEST(error_of(get("/" + page_id("ben"), token)) == "100/33");
    auto const wrong =
        consent("/v26.0/dialog/oauth", {{"scope", "email"}}, {{"person", "ada"}, {"assets", {second}}});
    BOOST_TEST(wrong.status == 400U);
}

BOOST_AUTO_TEST_CASE(pages_of_a_business_are_missing_without_business_management) {
    BOOST_TEST(get("/me/accounts", long_token("finn")).body == R"({"data":[]})");
    auto const scope = std::string{page_scopes} + ",business_management";
    BOOST_TEST(names(get("/me/accounts", long_token("finn", scope))).size() == 2U);
}

BOOST_AUTO_TEST_CASE(businesses_lead_to_the_pages_they_hold) {
    auto const token = long_token("finn", std::string{page_scopes} + ",business_management");
    auto const all = get("/me/businesses", token);
    BOOST_TEST(all.text("/data/0/name") == "Aalto Holding");
    auto const id = all.text("/data/0/id");
    auto const owned = get("/" + id + "/owned_pages?fields=id,name,access_token", token);
    BOOST_TEST(names(owned) == (names_list{"Aalto Saunas"}), boost::test_tools::per_element());
    BOOST_TEST(!owned.text("/data/0/access_token").empty());
    BOOST_TEST(names(get("/" + id + "/client_pages?fields=name", token)) == (names_list{"Lakeside Cabins"}),
               boost::test_tools::per_element());
    BOOST_TEST(get("/" + id, token).text("/name") == "Aalto Holding");
    auto const without = long_token("finn");
    BOOST_TEST(error_of(get("/me/businesses", without)) == "200");
    BOOST_TEST(error_of(get("/" + id + "/owned_pages", without)) == "200");
    BOOST_TEST(error_of(get("/30507090000000009/owned_pages", token)) == "100/33");
}

BOOST_AUTO_TEST_CASE(a_page_that_no_list_shows_is_read_by_its_id) {
    auto const token = long_token("finn");
    auto const got = get("/" + page_id("finn") + "?fields=name,access_token", token);
    BOOST_TEST(got.text("/name") == "Aalto Saunas");
    BOOST_TEST(get("/me", got.text("/access_token")).text("/name") == "Aalto Saunas");
    auto const plain = get("/" + page_id("finn"), token);
    BOOST_TEST(plain.json().as_object().size() == 2U);
    BOOST_TEST(error_of(get("/" + page_id("ben"), token)) == "100/33");
    BOOST_TEST(error_of(get("/" + page_id("finn"), long_token("finn", "email"))) == "10");
}

BOOST_AUTO_TEST_CASE(page_tokens_made_by_a_long_token_never_end_and_stay_the_same) {
    auto const token = long_token();
    auto const first = get("/me/accounts?fields=access_token", token).text("/data/0/access_token");
    BOOST_TEST(get("/me/accounts?fields=access_token", token).text("/data/0/access_token") == first);
    ahead(hours{24 * 365});
    BOOST_TEST(get("/me", first).text("/name") == "Harbour Bakery");
    BOOST_TEST(error_of(get("/me", token)) == "190/463");
}

BOOST_AUTO_TEST_CASE(page_tokens_made_by_a_short_token_end_with_it) {
    auto const page = get("/me/accounts?fields=access_token", short_token()).text("/data/0/access_token");
    BOOST_TEST(get("/me", page).status == 200U);
    ahead(hours{2});
    BOOST_TEST(error_of(get("/me", page)) == "190/463");
}

BOOST_AUTO_TEST_CASE(a_page_token_sees_its_page_and_nothing_else) {
    auto const page = page_token("ben");
    BOOST_TEST(get("/me?fields=id", page).text("/id") == page_id("ben"));
    BOOST_TEST(error_of(get("/me/accounts", page)) == "100");
    BOOST_TEST(error_of(get("/" + page_id("ben", 1), page)) == "100/33");
    tell("PUT", "/facebook/people/ben", boost::json::object{{"pages", boost::json::array{}}});
    BOOST_TEST(error_of(get("/me", page)) == "190/492");
}

BOOST_AUTO_TEST_CASE(the_person_has_an_id_of_this_app_alone) {
    auto const me = get("/me?fields=id,name,picture", long_token());
    BOOST_TEST(me.text("/name") == "Ada Marlow");
    BOOST_TEST(me.text("/id").size() == 17U);
    BOOST_TEST(!me.text("/picture/data/url").empty());
    tell("POST", "/facebook/apps",
         boost::json::object{{"client_id", "777"},
                             {"client_secret", "other-secret"},
                             {"redirect_uris", {std::string{redirect_uri}}}});
    auto const other =
        exchange(code({{"client_id", "777"}}), {{"client_id", "777"}, {"client_secret", "other-secret"}})
            .text("/access_token");
    BOOST_TEST(get("/me", other).text("/name") == "Ada Marlow");
    BOOST_TEST(get("/me", other).text("/id") != me.text("/id"));
    BOOST_TEST(get("/" + me.text("/id") + "/accounts", long_token()).status == 200U);
    BOOST_TEST(error_of(get("/" + me.text("/id"), other)) == "100/33");
}

BOOST_AUTO_TEST_CASE(an_instagram_account_shows_where_its_permission_was_granted) {
    constexpr auto wanted =
        "/me/accounts?fields=name,instagram_business_account{id,username,name,profile_picture_url}";
    BOOST_TEST(get(wanted, long_token()).body.find("instagram_business_account\":") == std::string::npos);
    auto const scope = std::string{page_scopes} + ",instagram_basic";
    auto const token = long_token("ada", scope);
    auto const got = get(wanted, token);
    BOOST_TEST(got.text("/data/0/instagram_business_account/id") == "17841400112233445");
    BOOST_TEST(got.text("/data/0/instagram_business_account/username") == "harbour.bakery");
    auto const bens = get(wanted, long_token("ben", scope)).json();
    BOOST_TEST(!bens.at_pointer("/data/0").as_object().contains("instagram_business_account"));
    BOOST_TEST(bens.at_pointer("/data/2").as_object().contains("instagram_business_account"));
    switch_on({"shallow_expansion"});
    auto const bare = get(wanted, token).json();
    BOOST_TEST(bare.at_pointer("/data/0/instagram_business_account").as_object().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_control_api_shows_and_checks_what_people_have) {
    auto const shown = control.get("/facebook/people/finn");
    BOOST_TEST(shown.text("/pages/0/owner") == shown.text("/businesses/0/id"));
    BOOST_TEST(control.get("/facebook/people/nobody").status == 404U);
    for (auto const* const body : {R"({"pages":[{"name":"A","id":"12a"}]})", R"({"pages":[{"name":""}]})",
                                   R"({"pages":[{"name":"A","owner":"123"}]})",
                                   R"({"pages":[{"name":"A","id":"1"},{"name":"B","id":"1"}]})",
                                   R"({"pages":[{"id":"1"}]})", R"({"page":[]})"})
        BOOST_TEST(control.send("PUT", "/facebook/people/ada", {}, body).status == 400U, body);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

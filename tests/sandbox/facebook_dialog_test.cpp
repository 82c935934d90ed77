// Facebook's login dialog: which requests it takes, what goes back, and what a person may leave out.
#include "tests/sandbox/graph_stage.hpp"
#include "tests/sandbox/stage.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

constexpr auto path = "/v26.0/dialog/oauth";

struct dialog_stage : facebook_stage {
    // The page, as a browser gets it.
    answer page(parameter_map replaced) {
        replaced.try_emplace("scope", page_scopes);
        return at.get(std::string{path} + "?" + query(replaced));
    }
    // What the permissions of a fresh grant are, as "granted" or "declined".
    std::map<std::string, std::string> permissions(parameter_map const& replaced,
                                                   boost::json::object members = {}) {
        auto const token = exchange(code(replaced, std::move(members))).text("/access_token");
        auto const body = get("/me/permissions", token).json();
        std::map<std::string, std::string> found;
        for (auto const& each : body.at("data").as_array())
            found[std::string{each.at("permission").as_string()}] = each.at("status").as_string();
        return found;
    }
};

void expect_page(answer const& got, std::string_view words) {
    BOOST_TEST(got.status == 400U);
    BOOST_TEST(got.header("content-type").starts_with("text/html"));
    BOOST_TEST(got.body.find(words) != std::string::npos, words << " in " << got.body);
}

BOOST_FIXTURE_TEST_SUITE(facebook_dialog_test, dialog_stage)

BOOST_AUTO_TEST_CASE(a_code_and_the_state_go_back_with_a_fragment_behind_them) {
    auto const location = consent(path, {{"scope", "pages_show_list"}}).text("/location");
    BOOST_TEST(location.starts_with("https://app.example/cb?from=meta&code=AQ"));
    BOOST_TEST(location.ends_with("#_=_"));
    BOOST_TEST(parameter_of(location.substr(0, location.find('#')), "state") == "state-1 & more");
}

BOOST_AUTO_TEST_CASE(the_dialog_is_there_without_and_with_any_version) {
    for (auto const* const prefix : {"", "/v26.0", "/v20.0", "/v3.1"})
        BOOST_TEST(at.get(std::string{prefix} + "/dialog/oauth?" + query({{"scope", "email"}})).status ==
                       200U,
                   prefix);
    BOOST_TEST(at.get("/v99.0/dialog/oauth?" + query({{"scope", "email"}})).status == 400U);
}

BOOST_AUTO_TEST_CASE(response_type_and_state_may_be_left_out) {
    auto const location = consent(path, {{"scope", "email"}, {"response_type", ""}, {"state", ""}});
    BOOST_TEST(location.text("/location").find("state=") == std::string::npos);
    BOOST_TEST(location.text("/location").find("code=") != std::string::npos);
    BOOST_TEST(page({{"response_type", "token"}}).status == 400U);
}

BOOST_AUTO_TEST_CASE(scopes_are_parted_by_commas_or_spaces) {
    for (auto const* const scope :
         {"pages_show_list,email", "pages_show_list email", "pages_show_list, email"}) {
        auto const all = permissions({{"scope", scope}});
        BOOST_TEST(all.size() == 3U, scope);
        BOOST_TEST(all.at("public_profile") == "granted", scope);
    }
    expect_page(page({{"scope", ""}}), "The parameter scope is required");
}

BOOST_AUTO_TEST_CASE(scopes_of_another_product_are_invalid) {
    expect_page(page({{"scope", "pages_show_list,instagram_business_basic"}}),
                "Invalid Scopes: instagram_business_basic.");
    expect_page(page({{"scope", "threads_basic,manage_pages"}}),
                "Invalid Scopes: threads_basic, manage_pages.");
    BOOST_TEST(page({{"scope", "instagram_basic,instagram_content_publish"}}).status == 200U);
}

BOOST_AUTO_TEST_CASE(scopes_that_the_app_was_not_granted_are_invalid) {
    reregister({}, {"pages_show_list", "email"});
    BOOST_TEST(page({{"scope", "pages_show_list"}}).status == 200U);
    expect_page(page({{"scope", "pages_show_list,pages_manage_posts"}}),
                "Invalid Scopes: pages_manage_posts.");
}

BOOST_AUTO_TEST_CASE(an_unknown_app_or_redirect_uri_ends_on_a_page) {
    expect_page(page({{"client_id", "12345"}}), "Invalid App ID");
    expect_page(page({{"client_id", ""}}), "The parameter app_id is required");
    for (auto const* const uri : {"https://app.example/cb", "https://app.example/cb?from=meta&x=1",
                                  "https://APP.example/cb?from=meta", "https://app.example/cb/?from=meta"})
        expect_page(page({{"redirect_uri", uri}}), "URL Blocked");
    expect_page(page({{"redirect_uri", "http://app.example/cb"}}), "Insecure Login Blocked");
}

BOOST_AUTO_TEST_CASE(plain_http_stays_on_this_machine_and_ends_when_the_app_goes_live) {
    auto const app = [&](std::string_view uri, boost::json::array flags) {
        return control
            .post_json("/facebook/apps",
                       boost::json::serialize(boost::json::object{{"client_id", "local"},
                                                                  {"client_secret", "s"},
                                                                  {"redirect_uris", boost::json::array{uri}},
                                                                  {"flags", std::move(flags)}}))
            .status;
    };
    BOOST_TEST(app("http://localhost:8080/cb", {}) == 201U);
    BOOST_TEST(app("http://127.0.0.1:8080/cb", {}) == 201U);
    BOOST_TEST(app("http://[::1]:8080/cb", {}) == 201U);
    BOOST_TEST(app("http://localhost:8080/cb", {"live"}) == 400U);
    BOOST_TEST(app("http://localhost.example/cb", {}) == 400U);
    BOOST_TEST(app("https://app.example/cb", {"live"}) == 201U);
    BOOST_TEST(page({{"client_id", "local"}, {"redirect_uri", "https://app.example/cb"}}).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_cancel_says_so_in_facebooks_words) {
    auto const location = consent(path, {{"scope", "email"}}, {{"decision", "deny"}}).text("/location");
    BOOST_TEST(location == "https://app.example/cb?from=meta&error_reason=user_denied&error=access_denied&"
                           "error_description=Permissions+error&state=state-1%20%26%20more");
}

BOOST_AUTO_TEST_CASE(permissions_can_be_declined_except_the_public_profile) {
    auto const all = permissions({}, {{"scopes", {"pages_show_list"}}});
    BOOST_TEST(all.at("pages_show_list") == "granted");
    BOOST_TEST(all.at("pages_manage_posts") == "declined");
    BOOST_TEST(all.at("public_profile") == "granted");
}

BOOST_AUTO_TEST_CASE(what_was_declined_is_only_asked_for_again_by_rerequest) {
    permissions({}, {{"scopes", {"pages_show_list"}}});
    BOOST_TEST(permissions({}).at("pages_manage_posts") == "declined");
    BOOST_TEST(permissions({{"auth_type", "rerequest"}}).at("pages_manage_posts") == "granted");
    BOOST_TEST(permissions({}).at("pages_manage_posts") == "granted");
}

BOOST_AUTO_TEST_CASE(login_for_business_is_all_or_nothing) {
    reregister({}, {"pages_show_list", "pages_manage_posts"});
    auto const whole = permissions({{"scope", ""}, {"config_id", "4711"}});
    BOOST_TEST(whole.at("pages_manage_posts") == "granted");
    auto const broken =
        permissions({{"scope", ""}, {"config_id", "4711"}}, {{"scopes", {"pages_show_list"}}});
    BOOST_TEST(broken.at("pages_show_list") == "declined");
    BOOST_TEST(broken.at("pages_manage_posts") == "declined");
}

BOOST_AUTO_TEST_CASE(an_unpublished_app_lets_in_people_with_a_role_only) {
    reregister({"unpublished"});
    BOOST_TEST(!code().empty());
    auto const refused = consent(path, {{"scope", "email"}}, {{"person", "ben"}});
    BOOST_TEST(refused.status == 400U);
    BOOST_TEST(refused.text("/error").starts_with("App not active"));
    tell("PATCH", "/people/ben", boost::json::object{{"traits", {"facebook_role"}}});
    BOOST_TEST(!code({}, {{"person", "ben"}}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

// Facebook's debug_token: what it tells of living and dead tokens, and whom.
#include "tests/sandbox/graph_stage.hpp"
#include "tests/sandbox/stage.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

struct debug_stage : facebook_stage {
    answer debug(std::string_view input, std::string_view by = "sandbox-app|sandbox-app-secret") {
        return at.get("/v26.0/debug_token?" +
                      query_of({{"input_token", std::string{input}}, {"access_token", std::string{by}}}));
    }
    std::int64_t number(answer const& got, std::string_view name) {
        auto const body = got.json();
        return body.at("data").at(name).to_number<std::int64_t>();
    }
};

BOOST_FIXTURE_TEST_SUITE(facebook_debug_token_test, debug_stage)

BOOST_AUTO_TEST_CASE(a_living_token_tells_whose_it_is_and_when_it_ends) {
    auto const token = long_token();
    auto const got = debug(token);
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.text("/data/app_id") == "sandbox-app");
    BOOST_TEST(got.text("/data/type") == "USER");
    BOOST_TEST(got.text("/data/user_id") == get("/me", token).text("/id"));
    auto const now = sandbox::unix_seconds(pretend.clock().now());
    BOOST_TEST(number(got, "expires_at") > now + 5'183'000);
    BOOST_TEST(number(got, "data_access_expires_at") > now + 90 * 86'400 - 100);
    auto const body = got.json();
    BOOST_TEST(body.at("data").at("is_valid").as_bool());
    BOOST_TEST(body.at("data").at("scopes").as_array().size() == 4U);
    BOOST_TEST(!body.at("data").at("granular_scopes").as_array().at(1).as_object().contains("target_ids"));
}

BOOST_AUTO_TEST_CASE(a_page_token_has_no_end) {
    auto const got = debug(page_token());
    BOOST_TEST(got.text("/data/type") == "PAGE");
    BOOST_TEST(got.text("/data/profile_id") == page_id("ada"));
    BOOST_TEST(number(got, "expires_at") == 0);
}

BOOST_AUTO_TEST_CASE(picked_pages_are_the_targets_of_the_permissions_about_pages) {
    auto const token =
        exchange(code({}, {{"person", "finn"}, {"assets", {page_id("finn")}}})).text("/access_token");
    auto const got = debug(token);
    BOOST_TEST(got.text("/data/granular_scopes/1/scope") == "pages_show_list");
    BOOST_TEST(got.text("/data/granular_scopes/1/target_ids/0") == page_id("finn"));
    auto const body = got.json();
    BOOST_TEST(!body.at_pointer("/data/granular_scopes/0").as_object().contains("target_ids"));
}

BOOST_AUTO_TEST_CASE(a_dead_token_is_told_to_be_so_with_success) {
    auto const token = short_token();
    ahead(std::chrono::hours{2});
    auto const got = debug(token);
    BOOST_TEST(got.status == 200U);
    auto const body = got.json();
    BOOST_TEST(!body.at("data").at("is_valid").as_bool());
    BOOST_TEST(body.at_pointer("/data/error/code").to_number<int>() == 190);
    BOOST_TEST(body.at_pointer("/data/error/subcode").to_number<int>() == 463);
    BOOST_TEST(body.at("data").at("scopes").as_array().empty());
}

BOOST_AUTO_TEST_CASE(only_the_app_itself_is_told) {
    auto const token = long_token();
    auto const issued =
        at.get("/v26.0/oauth/access_token?grant_type=client_credentials&client_id=sandbox-app&"
               "client_secret=sandbox-app-secret")
            .text("/access_token");
    BOOST_TEST(issued.starts_with("sandbox-app|"));
    BOOST_TEST(debug(token, issued).text("/data/type") == "USER");
    BOOST_TEST(debug(token, token).text("/data/type") == "USER");
    BOOST_TEST(error_of(debug(token, "sandbox-app|wrong")) == "100");
    BOOST_TEST(error_of(debug(token, "")) == "100");
    BOOST_TEST(error_of(debug("")) == "100");
    tell("POST", "/facebook/apps",
         boost::json::object{{"client_id", "777"},
                             {"client_secret", "other-secret"},
                             {"redirect_uris", {std::string{redirect_uri}}}});
    BOOST_TEST(error_of(debug(token, "777|other-secret")) == "100");
    BOOST_TEST(error_of(get("/me", issued)) == "190");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

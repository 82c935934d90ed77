// The operator's own apps: used where a session allows them and the workspace has none of its own.
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>

namespace connectd::tests {
namespace {

constexpr auto variable = "CONNECTD_TEST_QUICKSTART_SECRET";

// The operator has the sandbox's app at X; the home workspace has none.
struct quickstart_server : whole_server {
    quickstart_server()
        : whole_server{[](server::config& settings) {
              ::setenv(variable, std::string{sandbox::sandbox::default_client_secret}.c_str(), 1);
              settings.plans["bare"] = {};
              settings.quickstart["twitter"] = {
                  .client_id = std::string{sandbox::sandbox::default_client_id},
                  .client_secret = server::secret_source{server::secret_source::kind::environment, variable}};
          }} {
        BOOST_TEST(ask("DELETE", "/v1/credentials/" + home.credentials).status == 204U);
    }

    boost::json::object const allowed{{"allow_quickstart_creds", true}};
};

answer ask_for_x(whole_server& at, boost::json::object wanted = {}) {
    wanted["platform"] = "x";
    return at.ask("POST", "/v1/connect/sessions", wanted);
}

} // namespace

BOOST_AUTO_TEST_SUITE(quickstart_test)

BOOST_FIXTURE_TEST_CASE(a_session_has_to_allow_the_operators_app, quickstart_server) {
    auto const refused = ask_for_x(*this);
    BOOST_TEST(refusal(refused) == "422 credentials_missing");
    BOOST_TEST(refused.text("/detail").find("POST /v1/credentials") != std::string::npos);
    BOOST_TEST(refused.text("/detail").find("allow_quickstart_creds") != std::string::npos);
    BOOST_TEST(ask("GET", "/v1/platforms/x").json().at("quickstart_available") == true);
    BOOST_TEST(ask("GET", "/v1/platforms/bluesky").json().at("quickstart_available") == false);
    BOOST_TEST(field_errors(ask_for_x(*this, {{"allow_quickstart_creds", "yes"}})) ==
               "/allow_quickstart_creds wrong_type");
}

BOOST_FIXTURE_TEST_CASE(an_account_of_the_operators_app_is_connected_and_revoked_with_it, quickstart_server) {
    auto const id = connect_x("ada", allowed);
    auto const shown = account(id);
    BOOST_TEST(shown.at("quickstart") == true);
    BOOST_TEST(shown.at("credentials_id").is_null());
    // A disconnect authenticates as the operator's app: the sandbox takes no other.
    auto const gone = ask("DELETE", "/v1/accounts/" + id);
    BOOST_TEST(gone.text("/revocation") == "revoked");
}

BOOST_FIXTURE_TEST_CASE(the_hosted_page_leads_to_the_operators_app, quickstart_server) {
    auto const begun = begin_x(allowed);
    BOOST_TEST(begun.status == 201U);
    BOOST_TEST(begun.json().at("quickstart") == true);
    auto const page = visit("/connect/" + begun.text("/id"));
    BOOST_TEST(page.status == 200U);
    BOOST_TEST(page.body.find(std::string{"client_id="} + std::string{sandbox::sandbox::default_client_id}) !=
               std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(an_app_of_ones_own_comes_first, quickstart_server) {
    BOOST_TEST(
        ask("POST", "/v1/credentials", {{"platform", "x"}, {"client_id", sandbox::sandbox::public_client_id}})
            .status == 201U);
    auto const begun = begin_x(allowed);
    BOOST_TEST(begun.json().at("quickstart") == false);
    BOOST_TEST(parameter(begun.text("/authorize_url"), "client_id") == sandbox::sandbox::public_client_id);
}

BOOST_FIXTURE_TEST_CASE(without_an_app_of_the_operator_the_flag_changes_nothing, whole_server) {
    BOOST_TEST(ask("DELETE", "/v1/credentials/" + home.credentials).status == 204U);
    auto const refused = ask_for_x(*this, {{"allow_quickstart_creds", true}});
    BOOST_TEST(refusal(refused) == "422 credentials_missing");
    BOOST_TEST(refused.text("/detail").find("allow_quickstart_creds") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_plan_may_leave_the_operators_apps_out, quickstart_server) {
    auto const made = ask_as(root_key, "POST", "/v1/workspaces",
                             {{"slug", "strict"}, {"name", "Strict"}, {"plan", "bare"}});
    BOOST_TEST(made.status == 201U);
    auto const key =
        ask_as(root_key, "POST", "/v1/workspaces/" + made.text("/id") + "/api-keys", {{"name", "all"}});
    auto wanted = allowed;
    wanted["platform"] = "x";
    BOOST_TEST(refusal(ask_as(key.text("/key"), "POST", "/v1/connect/sessions", wanted)) ==
               "402 plan_feature_not_available");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

// Any OpenID server, known by nothing but its issuer.
#include "tests/server/pretend_issuer.hpp"
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace connectd::tests {
namespace {

struct oidc_server : whole_server {
    answer store(std::string const& where, boost::json::object body = {}) {
        body["platform"] = "oidc";
        body["issuer"] = where;
        body["client_id"] = pretend_issuer::client_id;
        body["client_secret"] = pretend_issuer::client_secret;
        return ask("POST", "/v1/credentials", body);
    }
    answer begin(boost::json::object body = {}) {
        body["platform"] = "oidc";
        body["return_url"] = return_url;
        return ask("POST", "/v1/connect/sessions", body);
    }
    // The callback with these parameters besides code and state.
    std::string finish(pretend_issuer& at, answer const& begun, std::string const& more) {
        auto const query = at.consent(begun.text("/authorize_url"));
        return visit("/v1/connect/callback/oidc?" + query + more).header("location");
    }
    std::string finish(std::string const& more) { return finish(login, begin(), more); }
    std::string connect(pretend_issuer& at, answer const& begun) {
        auto const location = finish(at, begun, "&iss=" + at.name());
        BOOST_TEST(parameter(location, "status") == "connected", location);
        return parameter(location, "account_id");
    }
    std::size_t metadata_requests() { return login.server().asked(pretend_issuer::metadata_path).size(); }

    pretend_issuer login{url() + "/v1/connect/callback/oidc"};
};

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(connect_oidc_test)

BOOST_FIXTURE_TEST_CASE(an_account_of_an_issuer_comes_in_lives_and_goes, oidc_server) {
    auto const made = store(login.name());
    BOOST_REQUIRE_EQUAL(made.status, 201U);
    BOOST_TEST(made.text("/issuer") == login.name());
    auto const id = connect(login, begin());
    auto const shown = account(id);
    BOOST_TEST(text(shown, "/instance") == login.name());
    BOOST_TEST(text(shown, "/platform_user_id") == "007");
    BOOST_TEST(text(shown, "/username") == "ada");
    BOOST_TEST(ask("POST", "/v1/accounts/" + id + "/refresh").status == 200U);
    BOOST_TEST(ask("GET", "/v1/accounts/" + id + "/health").text("/verdict") == "ok");
    // None of this asks the issuer about itself again and again.
    BOOST_TEST(metadata_requests() == 1U);
    BOOST_TEST(ask("DELETE", "/v1/accounts/" + id).text("/revocation") == "revoked");
    BOOST_TEST(login.server().asked("POST /revoke").size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_callback_of_another_issuer_is_refused, oidc_server) {
    store(login.name());
    for (std::string const& more : {std::string{}, std::string{"&iss=https://evil.example"},
                                    std::string{"&iss="}, "&iss=" + login.name() + "&iss=" + login.name()}) {
        BOOST_TEST(parameter(finish(more), "error") == "consent_failed", more);
    }
    BOOST_TEST(login.server().asked("POST /token").empty());
}

BOOST_FIXTURE_TEST_CASE(an_issuer_that_sends_no_name_may_leave_it_out, oidc_server) {
    login.describe({{"authorization_response_iss_parameter_supported", false}});
    store(login.name());
    BOOST_TEST(parameter(finish(""), "status") == "connected");
    BOOST_TEST(parameter(finish("&iss=https://evil.example"), "error") == "consent_failed");
}

BOOST_FIXTURE_TEST_CASE(a_wrong_issuer_is_refused_when_the_app_is_stored, oidc_server) {
    for (std::string const& wrong : {std::string{}, std::string{"login.example"}, login.name() + "/?a=b"}) {
        BOOST_TEST(field_errors(store(wrong)) == "/issuer field_invalid", wrong);
    }
    auto const other = store(login.name() + "/");
    BOOST_TEST(field_errors(other) == "/issuer field_invalid");
    BOOST_TEST(says(other.text("/detail"), "another issuer"), other.body);
    login.server().set(std::string{pretend_issuer::metadata_path}, "{}", "404 Not Found");
    auto const silent = store(login.name());
    BOOST_TEST(field_errors(silent) == "/issuer field_invalid");
    BOOST_TEST(says(silent.text("/detail"), "/.well-known/"), silent.body);
    auto const missing =
        ask("POST", "/v1/credentials", {{"platform", "oidc"}, {"client_id", "a"}, {"client_secret", "s"}});
    BOOST_TEST(field_errors(missing) == "/issuer field_invalid");
    auto const single =
        ask("POST", "/v1/credentials", {{"platform", "x"}, {"client_id", "a"}, {"issuer", login.name()}});
    BOOST_TEST(field_errors(single) == "/issuer field_invalid");
    auto const none = begin();
    BOOST_TEST(refusal(none) == "422 credentials_missing");
    BOOST_TEST(says(none.text("/detail"), "issuer"), none.body);
}

BOOST_FIXTURE_TEST_CASE(one_subject_at_two_issuers_is_two_accounts, oidc_server) {
    pretend_issuer other{url() + "/v1/connect/callback/oidc"};
    store(login.name());
    boost::json::object const there{{"credentials_id", store(other.name()).text("/id")}};
    auto const first = connect(login, begin());
    auto const second = connect(other, begin(there));
    BOOST_TEST(first != second);
    BOOST_TEST(connect(login, begin()) == first);
    BOOST_TEST(accounts().size() == 2U);
    // The account says which app; one of another server cannot bring it back.
    BOOST_TEST(connect(other, begin({{"account_id", second}})) == second);
    auto elsewhere = there;
    elsewhere["account_id"] = first;
    BOOST_TEST(field_errors(begin(elsewhere)) == "/account_id field_invalid");
}

BOOST_FIXTURE_TEST_CASE(what_an_issuer_said_serves_while_it_is_down, oidc_server) {
    store(login.name());
    pretend.clock().advance(std::chrono::hours{2});
    login.server().set(std::string{pretend_issuer::metadata_path}, "{}", "503 Service Unavailable");
    BOOST_TEST(begin().status == 201U);
    auto const asked = metadata_requests();
    BOOST_TEST(begin().status == 201U); // and it is left in peace for a while
    BOOST_TEST(metadata_requests() == asked);
    // Another server process knows nothing that would serve, and says so without blaming anybody.
    restart();
    BOOST_TEST(refusal(begin()) == "502 platform_unavailable");
}

BOOST_FIXTURE_TEST_CASE(an_app_may_have_its_own_pkce, oidc_server) {
    BOOST_TEST(field_errors(store(login.name(), {{"pkce", "plain"}})) == "/pkce field_invalid");
    BOOST_TEST(store(login.name(), {{"pkce", "none"}}).text("/pkce") == "none");
    BOOST_TEST(!has_parameter(begin().text("/authorize_url"), "code_challenge"));
}

struct guarded_server : whole_server {
    guarded_server()
        : whole_server{[](server::config& settings) { settings.outbound.allow_private_addresses = false; }} {}
};

BOOST_FIXTURE_TEST_CASE(an_issuer_in_a_private_network_is_not_called, guarded_server) {
    pretend_issuer inside{url()};
    auto const got = ask("POST", "/v1/credentials",
                         {{"platform", "oidc"},
                          {"issuer", inside.name()},
                          {"client_id", "an-app"},
                          {"client_secret", "a-secret"}});
    BOOST_TEST(field_errors(got) == "/issuer field_invalid");
    BOOST_TEST(says(got.text("/detail"), "private network"), got.body);
    BOOST_TEST(inside.server().asked("GET").empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

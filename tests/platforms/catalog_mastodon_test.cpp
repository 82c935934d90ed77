// Mastodon and its forks as the file says, at a server that a user named.
#include "platforms/instance.hpp"
#include "platforms/refresh_plan.hpp"
#include "platforms/registration.hpp"
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests::error_words;
using connectd::crypto::secret;
using connectd::tests::built_in;
using connectd::tests::check_error;
using connectd::tests::error_case;
using connectd::tests::header;
using connectd::tests::reply;
using connectd::tests::run;

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("mastodon") {}

    descriptor const there = at_instance(platform, parse_instance("@me@Mastodon.example").value());

    outcome<connected> connect() {
        return run(context, calls.connect(there, app, "code-1", "https://app.example/cb",
                                          secret::copy_of("verifier"), until));
    }
};

error_case const errors[] = {
    {exchange, 400,
     R"({"error":"invalid_grant","error_description":"The provided authorization grant is invalid"})",
     refused, errc::grant_refused},
    {exchange, 400, R"({"error":"invalid_scope","error_description":"m"})", operator_fault,
     errc::request_refused},
    {exchange, 400, R"({"error":"invalid_request","error_description":"m"})", operator_fault,
     errc::request_refused},
    {exchange, 401, R"({"error":"invalid_client","error_description":"Client authentication failed"})",
     operator_fault, errc::client_refused},
    {refreshed, 400, R"({"error":"invalid_grant"})", refused, errc::grant_refused},
    {identity_call, 401, R"({"error":"The access token was revoked"})", refused, errc::grant_refused},
    {identity_call, 401, R"({"error":"The access token is invalid"})", refused, errc::grant_refused},
    {api, 401, R"({"error":"The access token expired"})", refused, errc::grant_refused},
    {api, 401, R"({"error":"Der Zugriffs-Token ist ung\u00fcltig"})", refused, errc::grant_refused},
    {identity_call, 403, R"({"error":"This action is outside the authorized scopes"})", operator_fault,
     errc::scope_missing},
    {identity_call, 403, R"({"error":"Your login is currently disabled"})", refused, errc::account_suspended},
    {api, 403, R"({"error":"Your login is currently pending approval"})", refused, errc::account_suspended},
    {api, 403, R"({"error":"This action is not allowed"})", operator_fault, errc::request_refused},
    {api, 403, "<html>Attention Required</html>", temporary, errc::platform_unavailable},
    {api, 422, R"({"error":"Validation failed: Text can't be blank"})", operator_fault,
     errc::request_refused},
    {api, 422, R"({"error":"Cannot attach files that have not finished processing. Try again in a moment!"})",
     temporary, errc::request_refused},
    {api, 429, R"({"error":"Too many requests"})", temporary, errc::rate_limited},
    {api, 429, "<html>slow down</html>", temporary, errc::rate_limited},
    {identity_call, 503, "", temporary, errc::platform_unavailable},
    {call_kind::revoke, 403,
     R"({"error":"unauthorized_client","error_description":"You are not authorized to revoke this token"})",
     operator_fault, errc::client_refused},
    {call_kind::registration, 422, R"({"error":"Validation failed: Redirect URI must be an absolute URI."})",
     operator_fault, errc::request_refused},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_mastodon_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("mastodon", one);
}

BOOST_AUTO_TEST_CASE(an_application_registers_itself_at_the_server) {
    client.answer(422, R"({"error":"Validation failed: Scopes doesn't match configured on the server."})");
    client.answer(200, R"({"id":"70412","client_id":"u1V","client_secret":"Qz9"})");
    auto const made =
        run(context, register_app(client, there,
                                  {"Hub", "https://hub.example/cb", requested_scopes(there, {}), ""}, until));
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->scopes == (std::vector<std::string>{"read:accounts", "write:statuses", "write:media"}),
               boost::test_tools::per_element());
    BOOST_TEST(client.sent[0].url == "https://mastodon.example/api/v1/apps");
    BOOST_TEST(client.sent[0].body == "client_name=Hub&redirect_uris=https%3A%2F%2Fhub.example%2Fcb"
                                      "&scopes=profile+write%3Astatuses+write%3Amedia");
    // What was registered is what is asked for, nothing besides.
    BOOST_TEST(requested_scopes(there, made->scopes) == made->scopes, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_browser_is_sent_to_the_server_with_pkce) {
    BOOST_TEST(authorize_url(there, "u1V", "https://app.example/cb", "st", "verifier",
                             requested_scopes(there, {})) ==
               "https://mastodon.example/oauth/authorize?response_type=code&client_id=u1V"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
               "&scope=profile%20write%3Astatuses%20write%3Amedia&state=st"
               "&code_challenge=iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ&code_challenge_method=S256");
    BOOST_TEST(there.authorize.issuer == "");
    BOOST_TEST(there.endpoints.api_base == "https://mastodon.example");
}

BOOST_AUTO_TEST_CASE(a_connection_is_exchange_and_identity_under_the_address_policy) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    client.answer(200,
                  R"({"access_token":"ZKc","token_type":"Bearer","scope":"profile write:statuses write:media",
        "created_at":1788220800})");
    client.answer(200, R"({"id":"115200000000000001","username":"bakery","acct":"bakery","display_name":"",
        "uri":"https://mastodon.example/users/bakery","avatar":"https://mastodon.example/avatars/missing.png",
        "note":"<p>Rolls</p>","source":{"privacy":"public"},"emojis":[]})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.value().id == "115200000000000001");
    BOOST_TEST(made->who->username == "bakery");
    BOOST_TEST(made->who->display_name == "bakery");
    BOOST_TEST(made->who->avatar_url == "https://mastodon.example/avatars/missing.png");
    BOOST_TEST(made->tokens.scopes.size() == 3u);
    BOOST_TEST(!access_expiry(there, made->tokens, now).has_value());
    BOOST_TEST(!first_refresh(there, made->tokens, now, 0).has_value());
    BOOST_TEST(client.sent[0].url == "https://mastodon.example/oauth/token");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier=verifier"
                                      "&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(client.sent[0].user_given_url);
    BOOST_TEST(client.sent[1].url == "https://mastodon.example/api/v1/accounts/verify_credentials");
    BOOST_TEST(header(client.sent[1], "Authorization") == "Bearer ZKc");
    BOOST_TEST(client.sent[1].user_given_url);
}

BOOST_AUTO_TEST_CASE(ids_of_forks_are_letters) {
    client.answer(200, R"({"access_token":"ZKc"})");
    client.answer(
        200, R"({"id":"9q2vbo7zkx","username":"bakery","display_name":"The :cake: bakery","avatar_static":
        "https://fork.example/a.png"})");
    auto const made = connect();
    BOOST_TEST(made.value().who.value().id == "9q2vbo7zkx");
    BOOST_TEST(made->who->display_name == "The :cake: bakery");
    BOOST_TEST(made->who->avatar_url == "https://fork.example/a.png");
}

BOOST_AUTO_TEST_CASE(tokens_of_forks_end_and_are_refreshed) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    client.answer(200, R"({"access_token":"one","refresh_token":"r1","expires_in":7200,"scope":"read"})");
    client.answer(200, R"({"id":"1","username":"bakery"})");
    client.answer(200, R"({"access_token":"two","refresh_token":"r2","expires_in":7200})");
    auto const made = connect();
    BOOST_TEST(
        (first_refresh(there, made.value().tokens, now, 0).value() == now + std::chrono::minutes(110)));
    auto const renewed = run(context, calls.refresh(there, app, made->tokens, until));
    BOOST_TEST(renewed.value().refresh_token.value().reveal() == "r2");
    BOOST_TEST(client.sent[2].body ==
               "grant_type=refresh_token&refresh_token=r1&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(client.sent[2].user_given_url);
}

BOOST_AUTO_TEST_CASE(a_token_is_revoked_at_its_server) {
    client.answer(200, "{}");
    BOOST_TEST(run(context, calls.revoke(there, app, tokens("ZKc"), until)).has_value());
    BOOST_TEST(client.sent[0].url == "https://mastodon.example/oauth/revoke");
    BOOST_TEST(client.sent[0].body == "token=ZKc&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(client.sent[0].user_given_url);
    BOOST_TEST(says_dead_token(there, reply(401, R"({"error":"The access token was revoked"})")));
    BOOST_TEST(
        !says_dead_token(there, reply(403, R"({"error":"This action is outside the authorized scopes"})")));
}

BOOST_AUTO_TEST_SUITE_END()

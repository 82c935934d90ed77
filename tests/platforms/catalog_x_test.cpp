// X as its file says: every row of its error table, and when it is refreshed.
#include "platforms/refresh_plan.hpp"
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests::error_words;
using connectd::crypto::secret;
using connectd::tests::check_error;
using connectd::tests::error_case;
using connectd::tests::header;
using connectd::tests::reply;

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("x") {}
};

error_case const errors[] = {
    {exchange, 400,
     R"({"error":"invalid_request","error_description":"Value passed for the authorization code was invalid."})",
     refused, errc::grant_refused},
    {exchange, 400,
     R"({"error":"invalid_request",)"
     R"("error_description":"Value passed for the code verifier did not match the code challenge."})",
     refused, errc::grant_refused},
    {refreshed, 400,
     R"({"error":"invalid_request","error_description":"Value passed for the token was invalid."})", refused,
     errc::grant_refused},
    {refreshed, 400, R"({"error":"invalid_grant"})", refused, errc::grant_refused},
    {refreshed, 401,
     R"({"error":"unauthorized_client","error_description":"Missing valid authorization header"})",
     operator_fault, errc::client_refused},
    {refreshed, 401, R"({"error":"invalid_client"})", operator_fault, errc::client_refused},
    {refreshed, 429, "", temporary, errc::rate_limited},
    {refreshed, 503, "", temporary, errc::platform_unavailable},
    {identity_call, 401,
     R"({"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"})", refused,
     errc::grant_refused},
    {identity_call, 402,
     R"({"title":"CreditsDepleted","detail":"Your enrolled account [123] does not have any credits",)"
     R"("type":"https://api.twitter.com/2/problems/credits"})",
     operator_fault, errc::request_refused},
    {api, 403, R"({"title":"Spending cap","type":"https://api.x.com/2/problems/credits"})", operator_fault,
     errc::request_refused},
    {api, 403,
     R"({"title":"Unsupported Authentication","detail":"Authenticating with OAuth 2.0 Application-Only",)"
     R"("type":"https://api.twitter.com/2/problems/unsupported-authentication","status":403})",
     operator_fault, errc::request_refused},
    {api, 403,
     R"({"title":"Client Forbidden","reason":"client-not-enrolled","required_enrollment":"x","detail":"m",)"
     R"("type":"https://api.twitter.com/2/problems/client-forbidden"})",
     operator_fault, errc::request_refused},
    {api, 403,
     R"({"title":"Forbidden","detail":"You are not allowed to create a Tweet with duplicate content.",)"
     R"("type":"about:blank","status":403})",
     operator_fault, errc::request_refused},
    {api, 429,
     R"({"title":"Too Many Requests","detail":"Too Many Requests","type":"about:blank","status":429})",
     temporary, errc::rate_limited},
    {api, 429, R"({"errors":[{"code":88,"message":"Rate limit exceeded"}]})", temporary, errc::rate_limited},
    {api, 429,
     R"({"title":"UsageCapped","detail":"Usage cap exceeded: Monthly product cap",)"
     R"("type":"https://api.x.com/2/problems/usage-capped"})",
     operator_fault, errc::request_refused},
    {api, 429, R"({"title":"Capped","type":"https://api.twitter.com/2/problems/usage-capped"})",
     operator_fault, errc::request_refused},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_x_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("x", one);
}

BOOST_AUTO_TEST_CASE(it_is_refreshed_five_minutes_ahead) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    auto set = tokens("acc");
    set.refresh_token = secret::copy_of("ref");
    BOOST_TEST((first_refresh(platform, set, now, 0).value() == now + std::chrono::minutes(115)));
    set.expires_in = std::chrono::seconds(7200);
    BOOST_TEST((first_refresh(platform, set, now, 0).value() == now + std::chrono::minutes(115)));
}

BOOST_AUTO_TEST_CASE(the_code_is_exchanged_within_its_thirty_seconds) {
    BOOST_TEST((platform.authorize.code_lifetime == std::chrono::seconds(30)));
}

BOOST_AUTO_TEST_CASE(a_partial_identity_is_an_identity) {
    client.answer(
        200,
        R"({"token_type":"bearer","expires_in":7200,"access_token":"acc","scope":"users.read tweet.read"})");
    client.answer(
        200,
        R"({"data":{"id":"1450000000000000001","username":"ada"},"errors":[{"title":"partial"}],"new":1})");
    auto const made = connect();
    BOOST_TEST(made.value().who.value().id == "1450000000000000001");
    BOOST_TEST(made->who->display_name == "ada");
    BOOST_TEST(!made->tokens.refresh_token.has_value());
    BOOST_TEST(header(client.sent[0], "Authorization") == "Basic Y2xpZW50LTE6c2VjcmV0LTE=");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier=verifier");
}

BOOST_AUTO_TEST_CASE(only_a_401_is_a_dead_token) {
    BOOST_TEST(says_dead_token(platform, reply(401, R"({"title":"Unauthorized"})")));
    BOOST_TEST(!says_dead_token(platform, reply(402, R"({"title":"CreditsDepleted"})")));
    BOOST_TEST(!says_dead_token(platform, reply(403, R"({"title":"Forbidden"})")));
    BOOST_TEST(!says_dead_token(platform, reply(429, "")));
}

BOOST_AUTO_TEST_SUITE_END()

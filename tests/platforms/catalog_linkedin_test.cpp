// LinkedIn as its file says: every request to the byte, every row of its error table, applications with and
// without refresh tokens.
#include "platforms/refresh_plan.hpp"
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

#include <algorithm>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests::error_words;
using connectd::crypto::secret;
using connectd::tests::check_error;
using connectd::tests::error_case;
using connectd::tests::header;
using connectd::tests::reply;
using connectd::tests::run;

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("linkedin") {}
};

constexpr auto revoked = R"({"status":401,"serviceErrorCode":65601,"code":"REVOKED_ACCESS_TOKEN",)"
                         R"("message":"The token used in the request has been revoked by the user"})";

error_case const errors[] = {
    {exchange, 400,
     R"({"error":"invalid_request",)"
     R"("error_description":"Unable to retrieve access token: appid/redirect uri/code verifier does )"
     R"(not match authorization code. Or authorization code expired. Or external member binding exists"})",
     refused, errc::grant_refused},
    {exchange, 400,
     R"({"error":"invalid_request","error_description":"A required parameter \"redirect_uri\" is missing"})",
     operator_fault, errc::request_refused},
    {exchange, 401, R"({"error":"invalid_client","error_description":"Client authentication failed"})",
     operator_fault, errc::client_refused},
    {exchange, 400, R"({"error":"invalid_client"})", operator_fault, errc::client_refused},
    {exchange, 401,
     R"({"error":"invalid_redirect_uri","error_description":"Unable to retrieve access token"})",
     operator_fault, errc::client_refused},
    {refreshed, 400,
     R"({"error":"invalid_grant",)"
     R"("error_description":"The provided authorization grant or refresh token is invalid, expired or )"
     R"(revoked"})",
     refused, errc::grant_refused},
    {refreshed, 400, R"({"error":"invalid_client"})", operator_fault, errc::client_refused},
    {refreshed, 429, R"({"status":429,"message":"throttled"})", temporary, errc::rate_limited},
    {refreshed, 500, "", temporary, errc::platform_unavailable},
    {identity_call, 401, revoked, refused, errc::grant_refused},
    {api, 401, revoked, refused, errc::grant_refused},
    {api, 401, R"({"status":401,"serviceErrorCode":65600,"message":"Invalid access token"})", refused,
     errc::grant_refused},
    {api, 401, R"({"status":401,"serviceErrorCode":65602,"code":"EXPIRED_ACCESS_TOKEN"})", refused,
     errc::grant_refused},
    {api, 403,
     R"({"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED",)"
     R"("message":"Not enough permissions to access: posts.CREATE.20260701"})",
     operator_fault, errc::scope_missing},
    {api, 429,
     R"({"status":429,"serviceErrorCode":101,)"
     R"("message":"Resource level throttle APPLICATION DAY limit for calls to this resource is reached."})",
     temporary, errc::rate_limited},
    {api, 426,
     R"({"status":426,"code":"NONEXISTENT_VERSION","message":"Requested version 20240101 is not active"})",
     operator_fault, errc::request_refused},
    {api, 422, R"({"status":422,"message":"Content is a duplicate of urn:li:share:1"})", operator_fault,
     errc::request_refused},
    {call_kind::revoke, 404, "", refused, errc::grant_refused},
    {call_kind::revoke, 503, "", temporary, errc::platform_unavailable},
};

constexpr auto person =
    R"({"sub":"782bbdllp1","name":"Ada Example","given_name":"Ada","family_name":"Example",)"
    R"("picture":"https://media.licdn.com/dms/image/x","locale":{"country":"US",)"
    R"("language":"en"},"email":"ada@example.org","email_verified":true})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_linkedin_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("linkedin", one);
}

BOOST_AUTO_TEST_CASE(the_browser_is_sent_with_space_scopes_and_without_pkce) {
    BOOST_TEST(authorize() == "https://www.linkedin.com/oauth/v2/authorization?response_type=code"
                              "&client_id=client-1&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                              "&scope=openid%20profile%20w_member_social&state=st");
    for (std::string const said : {"user_cancelled_login", "user_cancelled_authorize", "access_denied"}) {
        auto const& denied = platform.authorize.denied_errors;
        BOOST_TEST((std::find(denied.begin(), denied.end(), said) != denied.end()));
    }
}

BOOST_AUTO_TEST_CASE(a_connection_of_an_approved_application) {
    client.answer(200, R"({"access_token":"AQVex","expires_in":5184000,"refresh_token":"AQXex",
        "refresh_token_expires_in":31536000,"scope":"email,openid,profile,w_member_social","token_type":"Bearer",
        "id_token":"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3ODJiYmRsbHAxIn0.sig"})");
    client.answer(200, person);
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.refresh_token.value().reveal() == "AQXex");
    BOOST_TEST(made->tokens.scopes ==
                   (std::vector<std::string>{"email", "openid", "profile", "w_member_social"}),
               boost::test_tools::per_element());
    BOOST_TEST(made->who.value().id == "782bbdllp1");
    BOOST_TEST(made->who->display_name == "Ada Example");
    BOOST_TEST(made->who->username == "");
    BOOST_TEST(made->who->avatar_url == "https://media.licdn.com/dms/image/x");
    BOOST_TEST(!made->candidates.has_value()); // no scope for organisations
    BOOST_TEST(client.sent[0].url == "https://www.linkedin.com/oauth/v2/accessToken");
    BOOST_TEST(header(client.sent[0], "Authorization") == "");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                                      "&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(client.sent[1].url == "https://api.linkedin.com/v2/userinfo");
    BOOST_TEST(header(client.sent[1], "Authorization") == "Bearer AQVex");
    BOOST_TEST(header(client.sent[1], "LinkedIn-Version") == "");
}

BOOST_AUTO_TEST_CASE(a_self_serve_application_gets_no_refresh_token_and_is_not_refreshed) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    client.answer(
        200, R"({"access_token":"AQVex","expires_in":5184000,"scope":"openid,profile,w_member_social"})");
    client.answer(200, R"({"sub":"782bbdllp1"})");
    auto const made = connect();
    BOOST_TEST(made.value().who.value().id == "782bbdllp1");
    BOOST_TEST(made->who->display_name == "");
    BOOST_TEST(!made->tokens.refresh_token.has_value());
    BOOST_TEST(!first_refresh(platform, made->tokens, now, 0).has_value());
    BOOST_TEST((access_expiry(platform, made->tokens, now) == now + std::chrono::hours(60 * 24)));
}

BOOST_AUTO_TEST_CASE(a_refresh_keeps_the_token_and_never_moves_its_end) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    auto current = tokens("AQVold");
    current.refresh_token = secret::copy_of("AQXex");
    client.answer(200, R"({"access_token":"AQVnew","expires_in":5184000,"refresh_token":"AQXex",
        "refresh_token_expires_in":20000000})");
    auto const renewed = refresh(current);
    BOOST_TEST(renewed.value().access_token.reveal() == "AQVnew");
    BOOST_TEST((renewed->refresh_expires_in == std::chrono::seconds(20000000)));
    BOOST_TEST(client.sent[0].body ==
               "grant_type=refresh_token&refresh_token=AQXex&client_id=client-1&client_secret=secret-1");
    BOOST_TEST((first_refresh(platform, *renewed, now, 0).value() == now + std::chrono::hours(53 * 24)));
    client.answer(200, R"({"access_token":"AQVlast","expires_in":2000000,"refresh_token":"AQXex",
        "refresh_token_expires_in":2000000})");
    // Both end together: nothing can be won any more, only a reconnect helps.
    BOOST_TEST(!first_refresh(platform, refresh(current).value(), now, 0).has_value());
    client.answer(200, R"({"access_token":"AQVnew","expires_in":5184000,"refresh_token":""})");
    BOOST_TEST(!refresh(current).value().refresh_token.has_value()); // empty is none: the old one is kept
}

BOOST_AUTO_TEST_CASE(a_token_refused_right_after_it_was_issued_is_tried_again) {
    using namespace std::chrono_literals;
    BOOST_TEST((platform.identity.retry_after == std::vector<std::chrono::seconds>{1s, 3s, 5s, 10s}));
    auto quick = platform;
    quick.identity.retry_after.assign(4, 0s);
    auto const answers_with_tokens = R"({"access_token":"AQVex","scope":"openid,profile"})";
    auto const connect_quickly = [&] {
        return run(context, calls.connect(quick, app, "c", "r", secret(), deadline::max()));
    };
    client.answer(200, answers_with_tokens);
    client.answer(401, revoked);
    client.answer(401, revoked);
    client.answer(200, person);
    BOOST_TEST(connect_quickly().value().who.value().id == "782bbdllp1");
    client.answer(200, answers_with_tokens); // an expired token is not a young one
    client.answer(401, R"({"status":401,"serviceErrorCode":65602,"code":"EXPIRED_ACCESS_TOKEN"})");
    BOOST_TEST(connect_quickly().value().who.error().what == verdict::refused);
    client.answer(200, answers_with_tokens);
    for (int call = 0; call < 5; ++call) {
        client.answer(401, revoked);
    }
    auto const made = connect_quickly();
    BOOST_TEST(made.value().who.error().code == errc::grant_refused);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_revocation_is_a_try) {
    client.answer(404, "<html>no such page</html>");
    BOOST_TEST(revoke(tokens("AQVex")).has_value());
    BOOST_TEST(client.sent[0].url == "https://www.linkedin.com/oauth/v2/revoke");
    BOOST_TEST(client.sent[0].body == "token=AQVex&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(platform.revoke.ends_sibling_accounts); // one grant serves the person and all organisations
}

BOOST_AUTO_TEST_CASE(proxied_calls_carry_the_version_and_not_every_401_is_a_dead_token) {
    BOOST_TEST((platform.proxy.headers ==
                parameters{{"LinkedIn-Version", "202607"}, {"X-Restli-Protocol-Version", "2.0.0"}}));
    BOOST_TEST((platform.candidates.headers == platform.proxy.headers));
    BOOST_TEST(says_dead_token(platform, reply(401, revoked)));
    BOOST_TEST(says_dead_token(platform, reply(401, R"({"serviceErrorCode":65602})")));
    BOOST_TEST(says_dead_token(platform, reply(401, R"({"code":"EXPIRED_ACCESS_TOKEN"})")));
    BOOST_TEST(
        !says_dead_token(platform, reply(401, R"({"serviceErrorCode":65604,"code":"EMPTY_ACCESS_TOKEN"})")));
    BOOST_TEST(!says_dead_token(platform, reply(403, R"({"serviceErrorCode":100})")));
    BOOST_TEST(!says_dead_token(platform, reply(426, R"({"code":"NONEXISTENT_VERSION"})")));
}

BOOST_AUTO_TEST_SUITE_END()

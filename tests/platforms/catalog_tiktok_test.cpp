// TikTok as its file says: every request to the byte, every row of its error table.
#include "platforms/refresh_plan.hpp"
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests::error_words;
using connectd::crypto::secret;
using connectd::tests::check_error;
using connectd::tests::error_case;
using connectd::tests::extra;
using connectd::tests::header;
using connectd::tests::reply;

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("tiktok") {}
};

error_case const errors[] = {
    // The token endpoint, often with status 200.
    {exchange, 200,
     R"({"error":"invalid_grant","error_description":"Authorization code is expired.","log_id":"2026112203"})",
     refused, errc::grant_refused},
    {exchange, 400, R"({"error":"invalid_grant","error_description":"Authorization code is expired."})",
     refused, errc::grant_refused},
    {exchange, 200,
     R"({"error":"invalid_request","error_description":"Code verifier or code challenge is invalid."})",
     operator_fault, errc::request_refused},
    {refreshed, 200,
     R"({"error":"invalid_grant","error_description":"Refresh token is invalid or expired."})", refused,
     errc::grant_refused},
    {refreshed, 200, R"({"error":"invalid_client","error_description":"Client key or secret is incorrect."})",
     operator_fault, errc::client_refused},
    {refreshed, 401, R"({"error":"invalid_client"})", operator_fault, errc::client_refused},
    {refreshed, 200, R"({"error":"unauthorized_client"})", operator_fault, errc::client_refused},
    {exchange, 200, R"({"error":"invalid_scope"})", operator_fault, errc::request_refused},
    {exchange, 200, R"({"error":"unsupported_grant_type"})", operator_fault, errc::request_refused},
    {exchange, 200, R"({"error":"unsupported_response_type"})", operator_fault, errc::request_refused},
    {exchange, 200, R"({"error":"access_denied"})", refused, errc::access_denied},
    {refreshed, 200, R"({"error":"server_error"})", temporary, errc::platform_unavailable},
    {refreshed, 200, R"({"error":"temporarily_unavailable"})", temporary, errc::platform_unavailable},
    {refreshed, 503, "", temporary, errc::platform_unavailable},
    {refreshed, 429, R"({"error":"rate_limit_exceeded"})", temporary, errc::rate_limited},
    {refreshed, 200, "<html>Access Denied</html>", temporary, errc::platform_unavailable},
    {refreshed, 200, R"({"open_id":"723f24d7"})", temporary, errc::malformed_answer},
    // The API, whose success has an error object too.
    {identity_call, 401,
     R"({"error":{"code":"access_token_invalid",)"
     R"("message":"The access token is invalid or not found in the request.","log_id":"1"}})",
     refused, errc::grant_refused},
    {identity_call, 401, R"({"error":{"code":"scope_not_authorized","message":"m","log_id":"1"}})",
     operator_fault, errc::scope_missing},
    {api, 401, R"({"error":{"code":"scope_permission_missed"}})", operator_fault, errc::scope_missing},
    {identity_call, 401, R"({"error":{"code":10001}})", operator_fault, errc::request_refused},
    {identity_call, 401, "", operator_fault, errc::request_refused},
    {identity_call, 200, R"({"data":{},"error":{"code":"ok","message":"","log_id":"1"}})", temporary,
     errc::malformed_answer},
    {api, 403, R"({"error":{"code":"unaudited_client_can_only_post_to_private_accounts","message":"m"}})",
     operator_fault, errc::request_refused},
    {api, 429, R"({"error":{"code":"rate_limit_exceeded","message":"m"}})", temporary, errc::rate_limited},
    {api, 200, R"({"data":{},"error":{"code":"spam_risk_too_many_posts","message":"m"}})", temporary,
     errc::rate_limited},
    {api, 403, R"({"error":{"code":"spam_risk_too_many_pending_share"}})", temporary, errc::rate_limited},
    {api, 403, R"({"error":{"code":"spam_risk_user_banned_from_posting"}})", temporary,
     errc::account_suspended},
    {api, 403, R"({"error":{"code":"reached_active_user_cap"}})", operator_fault, errc::request_refused},
    {api, 403, R"({"error":{"code":"url_ownership_unverified"}})", operator_fault, errc::request_refused},
    {api, 403, R"({"error":{"code":"privacy_level_option_mismatch"}})", operator_fault,
     errc::request_refused},
    {api, 400, R"({"error":{"code":"invalid_params"}})", operator_fault, errc::request_refused},
    {api, 400, R"({"error":{"code":"invalid_param"}})", operator_fault, errc::request_refused},
    {api, 500, R"({"error":{"code":"internal_error"}})", temporary, errc::platform_unavailable},
    {call_kind::revoke, 200, R"({"error":"invalid_client"})", operator_fault, errc::client_refused},
};

constexpr auto tokens_answer = R"({"access_token":"act.one","expires_in":7200,
    "open_id":"723f24d7-e717-40f8-a2b6-cb8464cd23b4","refresh_expires_in":15552000,"refresh_token":"rft.one",
    "scope":"user.info.basic,user.info.profile","token_type":"Bearer","union_id":9007199254740993})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_tiktok_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("tiktok", one);
}

BOOST_AUTO_TEST_CASE(the_browser_is_sent_with_the_client_key_and_comma_scopes) {
    BOOST_TEST(authorize() ==
               "https://www.tiktok.com/v2/auth/authorize/?response_type=code&client_key=client-1"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
               "&scope=user.info.basic%2Cvideo.upload&state=st&disable_auto_auth=1");
    BOOST_TEST(requested_scopes(platform, {"video.publish"}) ==
                   (std::vector<std::string>{"video.publish", "user.info.basic"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_application_for_the_desktop_sends_a_hexadecimal_challenge) {
    auto desktop = platform;
    desktop.pkce = pkce_method::s256_hex;
    auto const url = authorize_url(desktop, "client-1", "http://localhost:3000/cb", "st",
                                   "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", {"user.info.basic"});
    // The verifier of RFC 7636 appendix B.
    BOOST_TEST(url.find("&code_challenge=13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"
                        "&code_challenge_method=S256") != std::string::npos);
    BOOST_TEST(token_request(desktop, app, "c", "http://localhost:3000/cb", "ver")
                   .body.find("&code_verifier=ver&client_key=") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_connection_is_exchange_and_identity) {
    client.answer(200, tokens_answer);
    client.answer(200, R"({"data":{"user":{"open_id":"723f24d7-e717-40f8-a2b6-cb8464cd23b4",
        "union_id":"c9c60f44-a68e-4f5d-84dd-ce22faeb0ba1","display_name":"Ada",
        "avatar_url":"https://p16.example/a.jpeg","username":"ada.example"}},
        "error":{"code":"ok","message":"","log_id":"2026112203"}})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.access_token.reveal() == "act.one");
    BOOST_TEST(made->tokens.refresh_token.value().reveal() == "rft.one");
    BOOST_TEST((made->tokens.expires_in == std::chrono::seconds(7200)));
    BOOST_TEST((made->tokens.refresh_expires_in == std::chrono::seconds(15552000)));
    BOOST_TEST(made->tokens.scopes == (std::vector<std::string>{"user.info.basic", "user.info.profile"}),
               boost::test_tools::per_element());
    BOOST_TEST(extra(made->tokens, "open_id") == "723f24d7-e717-40f8-a2b6-cb8464cd23b4");
    BOOST_TEST(made->who.value().id == "723f24d7-e717-40f8-a2b6-cb8464cd23b4");
    BOOST_TEST(made->who->username == "ada.example");
    BOOST_TEST(made->who->display_name == "Ada");
    BOOST_TEST(made->who->avatar_url == "https://p16.example/a.jpeg");
    BOOST_TEST(client.sent[0].method == "POST");
    BOOST_TEST(client.sent[0].url == "https://open.tiktokapis.com/v2/oauth/token/");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                                      "&client_key=client-1&client_secret=secret-1");
    BOOST_TEST(header(client.sent[0], "Authorization") == "");
    BOOST_TEST(header(client.sent[0], "Cache-Control") == "no-cache");
    BOOST_TEST(client.sent[1].url == "https://open.tiktokapis.com/v2/user/info/"
                                     "?fields=open_id%2Cdisplay_name%2Cavatar_url%2Cusername");
    BOOST_TEST(header(client.sent[1], "Authorization") == "Bearer act.one");
}

BOOST_AUTO_TEST_CASE(the_username_is_asked_for_only_where_it_is_granted) {
    client.answer(200, R"({"access_token":"act.one","scope":"user.info.basic"})");
    client.answer(
        200, R"({"data":{"user":{"open_id":"9007199254740993","unknown":{"a":1}}},"error":{"code":"ok"}})");
    auto const made = connect();
    BOOST_TEST(made.value().who.value().id == "9007199254740993");
    BOOST_TEST(made->who->username == "");
    BOOST_TEST(made->who->display_name == "");
    BOOST_TEST(client.sent[1].url ==
               "https://open.tiktokapis.com/v2/user/info/?fields=open_id%2Cdisplay_name%2Cavatar_url");
}

BOOST_AUTO_TEST_CASE(a_code_is_encoded_once) {
    auto const request = token_request(platform, app, "9aXk*0!4523.e1", "https://app.example/cb", "");
    BOOST_TEST(request.body.find("&code=9aXk*0%214523.e1&") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refresh_brings_both_tokens_and_the_lifetimes_that_count) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    auto current = tokens("act.one");
    current.refresh_token = secret::copy_of("rft.one");
    client.answer(200, R"({"access_token":"act.two","expires_in":7200,"refresh_expires_in":15551000,
        "refresh_token":"rft.two","scope":"user.info.basic","token_type":"Bearer"})");
    auto const renewed = refresh(current);
    BOOST_TEST(renewed.value().access_token.reveal() == "act.two");
    BOOST_TEST(renewed->refresh_token.value().reveal() == "rft.two");
    BOOST_TEST(client.sent[0].body == "grant_type=refresh_token&refresh_token=rft.one"
                                      "&client_key=client-1&client_secret=secret-1");
    BOOST_TEST((first_refresh(platform, *renewed, now, 0).value() == now + std::chrono::minutes(110)));
    // Applications that TikTok has not switched yet are told a day.
    client.answer(200, R"({"access_token":"act.three","expires_in":86400,"refresh_token":"rft.three"})");
    BOOST_TEST((first_refresh(platform, refresh(*renewed).value(), now, 0).value() ==
                now + std::chrono::hours(24) - std::chrono::minutes(10)));
}

BOOST_AUTO_TEST_CASE(the_living_access_token_is_revoked) {
    auto current = tokens("act.one");
    current.refresh_token = secret::copy_of("rft.one");
    client.answer(200, "");
    client.answer(200, "{}");
    BOOST_TEST(revoke(current).has_value());
    BOOST_TEST(revoke(current).has_value());
    BOOST_TEST(client.sent.size() == 2u);
    BOOST_TEST(client.sent[0].url == "https://open.tiktokapis.com/v2/oauth/revoke/");
    BOOST_TEST(client.sent[0].body == "token=act.one&client_key=client-1&client_secret=secret-1");
    BOOST_TEST(platform.revoke.refresh_first);
}

BOOST_AUTO_TEST_CASE(a_missing_scope_is_no_dead_token) {
    BOOST_TEST(says_dead_token(platform, reply(401, R"({"error":{"code":"access_token_invalid"}})")));
    BOOST_TEST(!says_dead_token(platform, reply(401, R"({"error":{"code":"scope_not_authorized"}})")));
    BOOST_TEST(!says_dead_token(platform, reply(401, R"({"error":{"code":"scope_permission_missed"}})")));
    BOOST_TEST(!says_dead_token(platform, reply(200, R"({"error":{"code":"access_token_invalid"}})")));
}

BOOST_AUTO_TEST_SUITE_END()

// YouTube as its file says: every request to the byte, every row of its error table.
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
    fixture() : platform_fixture("youtube") {}
};

constexpr auto signup_required =
    R"({"error":{"code":401,"message":"Unauthorized","errors":[{"message":"Unauthorized",)"
    R"("domain":"youtube.header","reason":"youtubeSignupRequired","location":"Authorization",)"
    R"("locationType":"header"}]}})";
constexpr auto auth_error =
    R"({"error":{"code":401,"message":"Request had invalid authentication credentials.",)"
    R"("errors":[{"message":"Invalid Credentials","domain":"global","reason":"authError",)"
    R"("location":"Authorization","locationType":"header"}],"status":"UNAUTHENTICATED"}})";
constexpr auto quota_exceeded =
    R"({"error":{"code":403,"message":"The request cannot be completed because you have exceeded your quota.",)"
    R"("errors":[{"message":"m","domain":"youtube.quota","reason":"quotaExceeded"}]}})";

error_case const errors[] = {
    // The token endpoint: strings.
    {exchange, 400, R"({"error":"invalid_grant","error_description":"Malformed auth code."})", refused,
     errc::grant_refused},
    {exchange, 400, R"({"error":"invalid_grant","error_description":"Bad Request"})", refused,
     errc::grant_refused},
    {refreshed, 400, R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})",
     refused, errc::grant_refused},
    {refreshed, 400,
     R"({"error":"invalid_grant","error_description":"reauth related error","error_subtype":"invalid_rapt"})",
     refused, errc::grant_refused},
    {exchange, 400, R"({"error":"redirect_uri_mismatch","error_description":"Bad Request"})", operator_fault,
     errc::request_refused},
    {exchange, 401, R"({"error":"invalid_client","error_description":"The OAuth client was not found."})",
     operator_fault, errc::client_refused},
    {refreshed, 401, R"({"error":"deleted_client","error_description":"The OAuth client was deleted."})",
     operator_fault, errc::client_refused},
    {refreshed, 401, R"({"error":"unauthorized_client"})", operator_fault, errc::client_refused},
    {exchange, 400, R"({"error":"admin_policy_enforced"})", refused, errc::access_denied},
    {refreshed, 403, R"({"error":"admin_policy_enforced"})", refused, errc::access_denied},
    {refreshed, 400, R"({"error":"internal_failure"})", temporary, errc::platform_unavailable},
    {refreshed, 500, R"({"error":"internal_failure"})", temporary, errc::platform_unavailable},
    {refreshed, 429, "", temporary, errc::rate_limited},
    {refreshed, 503, "<html>", temporary, errc::platform_unavailable},
    // The API: an envelope.
    {identity_call, 401, auth_error, refused, errc::grant_refused},
    {api, 401, auth_error, refused, errc::grant_refused},
    {identity_call, 401, signup_required, refused, errc::nothing_to_connect},
    {api, 401, signup_required, operator_fault, errc::nothing_to_connect},
    {identity_call, 403, quota_exceeded, operator_fault, errc::request_refused},
    {api, 429, quota_exceeded, operator_fault, errc::request_refused},
    {api, 403, R"({"error":{"code":403,"errors":[{"reason":"rateLimitExceeded"}]}})", temporary,
     errc::rate_limited},
    {api, 403, R"({"error":{"code":403,"errors":[{"reason":"userRateLimitExceeded"}]}})", temporary,
     errc::rate_limited},
    {api, 400, R"({"error":{"code":400,"errors":[{"reason":"uploadLimitExceeded"}]}})", temporary,
     errc::rate_limited},
    {api, 403, R"({"error":{"code":403,"errors":[{"reason":"uploadLimitExceeded"}]}})", temporary,
     errc::rate_limited},
    {identity_call, 403, R"({"error":{"code":403,"errors":[{"reason":"accessNotConfigured"}]}})",
     operator_fault, errc::request_refused},
    {identity_call, 403,
     R"({"error":{"code":403,"message":"Request had insufficient authentication scopes.",)"
     R"("errors":[{"message":"Insufficient Permission","domain":"global","reason":"insufficientPermissions"}],)"
     R"("status":"PERMISSION_DENIED"}})",
     operator_fault, errc::scope_missing},
    {api, 400, R"({"error":{"code":400,"errors":[{"reason":"invalidTitle"}]}})", operator_fault,
     errc::request_refused},
    {api, 403, R"({"error":{"code":403,"status":"PERMISSION_DENIED"}})", operator_fault,
     errc::request_refused},
};

constexpr auto tokens_answer =
    R"({"access_token":"ya29.a0example","expires_in":3599,"refresh_token":"1//0gexample",)"
    R"("scope":"https://www.googleapis.com/auth/youtube.upload https://www.googleapis.com/auth/youtube.readonly",)"
    R"("token_type":"Bearer","id_token":"eyJ.e30.sig"})";
constexpr auto channel = R"({"kind":"youtube#channelListResponse","etag":"x",
    "pageInfo":{"totalResults":1,"resultsPerPage":5},"items":[{"kind":"youtube#channel","etag":"y",
    "id":"UCexample0000000000000000","snippet":{"title":"Ada Tests","description":"","customUrl":"@adatests",
    "publishedAt":"2020-01-01T00:00:00Z","thumbnails":{"default":{"url":"https://yt3.ggpht.com/x","width":88}}}}]})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_youtube_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("youtube", one);
}

BOOST_AUTO_TEST_CASE(the_browser_is_sent_for_a_refresh_token_each_time) {
    BOOST_TEST(authorize() ==
               "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=client-1"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
               "&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube.upload"
               "%20https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube.readonly&state=st"
               "&code_challenge=iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ&code_challenge_method=S256"
               "&access_type=offline&prompt=consent");
    BOOST_TEST(platform.authorize.issuer == "https://accounts.google.com");
    BOOST_TEST(!platform.authorize.issuer_required);
}

BOOST_AUTO_TEST_CASE(a_connection_is_exchange_and_channel) {
    client.answer(200, tokens_answer);
    client.answer(200, channel);
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.refresh_token.value().reveal() == "1//0gexample");
    BOOST_TEST((made->tokens.expires_in == std::chrono::seconds(3599)));
    BOOST_TEST(made->tokens.scopes == requested_scopes(platform, {}), boost::test_tools::per_element());
    BOOST_TEST(made->who.value().id == "UCexample0000000000000000");
    BOOST_TEST(made->who->username == "@adatests");
    BOOST_TEST(made->who->display_name == "Ada Tests");
    BOOST_TEST(made->who->avatar_url == "https://yt3.ggpht.com/x");
    BOOST_TEST(client.sent[0].url == "https://oauth2.googleapis.com/token");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier=verifier"
                                      "&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(header(client.sent[0], "Authorization") == "");
    BOOST_TEST(client.sent[1].url == "https://www.googleapis.com/youtube/v3/channels?part=snippet&mine=true");
    BOOST_TEST(header(client.sent[1], "Authorization") == "Bearer ya29.a0example");
}

BOOST_AUTO_TEST_CASE(a_code_with_a_slash_is_encoded_once) {
    BOOST_TEST(token_request(platform, app, "4/0Aexample", "https://app.example/cb", "v")
                   .body.find("&code=4%2F0Aexample&") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_google_account_without_a_channel_has_nothing_to_connect) {
    client.answer(200, tokens_answer);
    client.answer(
        200, R"({"kind":"youtube#channelListResponse","pageInfo":{"totalResults":0,"resultsPerPage":5}})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.error().what == verdict::refused);
    BOOST_TEST(made->who.error().code == errc::nothing_to_connect);
    BOOST_TEST(platform.nothing.code == "youtube.channels.none");
    BOOST_TEST(platform.nothing.help != "");
}

BOOST_AUTO_TEST_CASE(what_is_optional_may_be_missing) {
    client.answer(200, R"({"access_token":"ya29.x"})");
    client.answer(200, R"({"items":[{"id":"UC1","snippet":{"title":"Ada",
        "thumbnails":{"medium":{"url":"https://yt3.ggpht.com/m"}}}}]})");
    auto const made = connect();
    BOOST_TEST(made.value().who.value().username == "");
    BOOST_TEST(made->who->avatar_url == "https://yt3.ggpht.com/m");
    BOOST_TEST(!made->tokens.refresh_token.has_value());
}

BOOST_AUTO_TEST_CASE(a_refresh_keeps_the_refresh_token) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    auto current = tokens("ya29.old");
    current.refresh_token = secret::copy_of("1//0gexample");
    client.answer(200, R"({"access_token":"ya29.new","expires_in":3599,"scope":"x","token_type":"Bearer"})");
    auto renewed = refresh(current);
    BOOST_TEST(renewed.value().access_token.reveal() == "ya29.new");
    BOOST_TEST(!renewed->refresh_token.has_value()); // the caller keeps the old one
    BOOST_TEST(client.sent[0].body == "grant_type=refresh_token&refresh_token=1%2F%2F0gexample"
                                      "&client_id=client-1&client_secret=secret-1");
    renewed->refresh_token = secret::copy_of("1//0gexample");
    BOOST_TEST((first_refresh(platform, *renewed, now, 0).value() == now + std::chrono::seconds(2999)));
}

BOOST_AUTO_TEST_CASE(a_grant_of_a_consent_screen_in_testing_ends_after_a_week) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    client.answer(200, R"({"access_token":"ya29.x","expires_in":3599,"refresh_token":"1//0g",
        "refresh_token_expires_in":604799})");
    client.answer(200, channel);
    auto const made = connect();
    BOOST_TEST((refresh_expiry(platform, made.value().tokens, now) == now + std::chrono::seconds(604799)));
}

BOOST_AUTO_TEST_CASE(an_account_that_lies_idle_is_refreshed_within_six_months) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    auto idle = platform;
    idle.refresh.access_lifetime.reset();
    auto current = tokens("ya29.x");
    current.refresh_token = secret::copy_of("1//0g");
    BOOST_TEST((first_refresh(idle, current, now, 0).value() < now + std::chrono::hours(180 * 24)));
}

BOOST_AUTO_TEST_CASE(a_revocation_names_nobody_and_a_dead_token_is_as_good_as_revoked) {
    auto current = tokens("ya29.x");
    current.refresh_token = secret::copy_of("1//0g");
    client.answer(200, "{}");
    client.answer(400, R"({"error":"invalid_token","error_description":"Token expired or revoked"})");
    BOOST_TEST(revoke(current).has_value());
    BOOST_TEST_REQUIRE(client.sent.size() == 2u);
    BOOST_TEST(client.sent[0].url == "https://oauth2.googleapis.com/revoke");
    BOOST_TEST(client.sent[0].body == "token=1%2F%2F0g");
    BOOST_TEST(header(client.sent[0], "Authorization") == "");
    BOOST_TEST(client.sent[1].body == "token=ya29.x");
}

BOOST_AUTO_TEST_CASE(a_missing_channel_is_no_dead_token) {
    BOOST_TEST(says_dead_token(platform, reply(401, auth_error)));
    BOOST_TEST(says_dead_token(platform, reply(401, "")));
    BOOST_TEST(!says_dead_token(platform, reply(401, signup_required)));
    BOOST_TEST(!says_dead_token(platform, reply(403, quota_exceeded)));
    BOOST_TEST(!says_dead_token(platform, reply(308, "")));
}

BOOST_AUTO_TEST_SUITE_END()

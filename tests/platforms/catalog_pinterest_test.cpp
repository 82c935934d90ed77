// Pinterest as its file says: every request to the byte, every row of its error table.
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
    fixture() : platform_fixture("pinterest") {}
};

error_case const errors[] = {
    {exchange, 401, R"({"code":283,"message":"The authorization grant is invalid"})", refused,
     errc::grant_refused},
    {refreshed, 401, R"({"code":283,"message":"The authorization grant is invalid"})", refused,
     errc::grant_refused},
    {refreshed, 400, R"({"code":283,"message":"The authorization grant is invalid","status":"failure"})",
     refused, errc::grant_refused},
    {exchange, 401, R"({"code":2,"message":"Authentication failed.","status":"failure"})", operator_fault,
     errc::client_refused},
    {refreshed, 401, R"({"code":2,"message":"Authentication failed.","status":"failure"})", operator_fault,
     errc::client_refused},
    {identity_call, 401, R"({"code":2,"message":"Authentication failed.","status":"failure"})", refused,
     errc::grant_refused},
    {api, 401, R"({"code":2,"message":"Authentication failed."})", refused, errc::grant_refused},
    {api, 401,
     R"({"code":3,"message":"Your application does not have access to this restricted feature: pin_edit"})",
     operator_fault, errc::request_refused},
    {identity_call, 401, R"({"code":3,"message":"m"})", operator_fault, errc::request_refused},
    {api, 403, R"({"code":29,"message":"You are not permitted to access that resource."})", operator_fault,
     errc::request_refused},
    {api, 403, R"({"code":29,"message":"Apps with Trial access may not create Pins in production"})",
     operator_fault, errc::request_refused},
    {api, 404, R"({"code":40,"message":"Board not found."})", operator_fault, errc::request_refused},
    {api, 429, R"({"code":8,"message":"You have exceeded your rate limit. Try again later."})", temporary,
     errc::rate_limited},
    {refreshed, 429, "", temporary, errc::rate_limited},
    {refreshed, 503, R"({"code":0,"message":"m"})", temporary, errc::platform_unavailable},
    {api, 400, R"({"code":1,"message":"Sorry, this site doesn't allow you to save Pins."})", operator_fault,
     errc::request_refused},
    {api, 400, R"({"code":235,"message":"Unable to reach the URL. Please check the URL is correct."})",
     temporary, errc::request_refused},
    {identity_call, 401, R"({"code":7777,"message":"new"})", operator_fault, errc::request_refused},
    {identity_call, 401, "", operator_fault, errc::request_refused},
    {refreshed, 401, R"({"code":7777,"message":"new"})", operator_fault, errc::client_refused},
};

constexpr auto tokens_answer = R"({"access_token":"pina_one","refresh_token":"pinr.one",
    "response_type":"authorization_code","token_type":"bearer","expires_in":2592000,
    "refresh_token_expires_in":5184000,"refresh_token_expires_at":1769000000,
    "scope":"user_accounts:read boards:read,pins:read"})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_pinterest_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("pinterest", one);
}

BOOST_AUTO_TEST_CASE(the_browser_is_sent_with_comma_scopes_and_without_pkce) {
    BOOST_TEST(authorize() == "https://www.pinterest.com/oauth/?response_type=code&client_id=client-1"
                              "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                              "&scope=user_accounts%3Aread%2Cboards%3Aread%2Cboards%3Awrite%2Cpins%3Aread"
                              "%2Cpins%3Awrite&state=st");
}

BOOST_AUTO_TEST_CASE(a_connection_is_exchange_and_identity) {
    client.answer(200, tokens_answer);
    client.answer(200, R"({"id":"2783136121146311751","username":"ada_pins","account_type":"BUSINESS",
        "business_name":"Ada Prints","profile_image":"https://i.pinimg.com/x.jpg","website_url":"","about":"",
        "board_count":8,"pin_count":27,"monthly_views":467})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.refresh_token.value().reveal() == "pinr.one");
    BOOST_TEST((made->tokens.refresh_expires_in == std::chrono::seconds(5184000)));
    BOOST_TEST(made->tokens.scopes ==
                   (std::vector<std::string>{"user_accounts:read", "boards:read", "pins:read"}),
               boost::test_tools::per_element());
    BOOST_TEST(made->who.value().id == "2783136121146311751");
    BOOST_TEST(made->who->username == "ada_pins");
    BOOST_TEST(made->who->display_name == "Ada Prints");
    BOOST_TEST(made->who->avatar_url == "https://i.pinimg.com/x.jpg");
    BOOST_TEST(client.sent[0].url == "https://api.pinterest.com/v5/oauth/token");
    BOOST_TEST(header(client.sent[0], "Authorization") == "Basic Y2xpZW50LTE6c2VjcmV0LTE=");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&continuous_refresh=true");
    BOOST_TEST(client.sent[1].url == "https://api.pinterest.com/v5/user_account");
    BOOST_TEST(header(client.sent[1], "Authorization") == "Bearer pina_one");
}

BOOST_AUTO_TEST_CASE(a_person_without_a_business_is_known_by_the_username) {
    client.answer(200, tokens_answer);
    client.answer(
        200,
        R"({"id":2783136121146311751,"username":"ada_pins","account_type":"PINNER","business_name":null})");
    auto const made = connect();
    BOOST_TEST(made.value().who.value().id == "2783136121146311751");
    BOOST_TEST(made->who->display_name == "ada_pins");
    BOOST_TEST(made->who->avatar_url == "");
}

BOOST_AUTO_TEST_CASE(a_refresh_goes_on_for_ever_and_takes_the_new_token) {
    auto current = tokens("pina_one");
    current.refresh_token = secret::copy_of("pinr.one");
    client.answer(200,
                  R"({"access_token":"pina_two","refresh_token":"pinr.two","response_type":"refresh_token",
        "token_type":"bearer","expires_in":2592000,"refresh_token_expires_in":5184000,"scope":"pins:read"})");
    client.answer(200, R"({"access_token":"pina_three","expires_in":2592000})");
    auto const renewed = refresh(current);
    BOOST_TEST(renewed.value().refresh_token.value().reveal() == "pinr.two");
    BOOST_TEST(client.sent[0].body ==
               "grant_type=refresh_token&refresh_token=pinr.one&continuous_refresh=true");
    BOOST_TEST(header(client.sent[0], "Authorization") == "Basic Y2xpZW50LTE6c2VjcmV0LTE=");
    BOOST_TEST(
        !refresh(*renewed).value().refresh_token.has_value()); // of the legacy time: the old one is kept
}

BOOST_AUTO_TEST_CASE(it_is_refreshed_a_day_ahead_and_within_45_days_at_the_latest) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    auto set = tokens("pina_one");
    set.refresh_token = secret::copy_of("pinr.one");
    set.expires_in = std::chrono::seconds(2592000);
    BOOST_TEST((first_refresh(platform, set, now, 0).value() == now + std::chrono::hours(29 * 24)));
    set.expires_in = std::chrono::hours(24 * 365);
    set.refresh_expires_in = std::chrono::hours(24 * 365);
    BOOST_TEST((first_refresh(platform, set, now, 0).value() == now + std::chrono::hours(44 * 24)));
}

BOOST_AUTO_TEST_CASE(nothing_is_revoked_and_not_every_401_is_a_dead_token) {
    BOOST_TEST(revoke(tokens("pina_one")).has_value());
    BOOST_TEST(client.sent.empty());
    BOOST_TEST(says_dead_token(platform, reply(401, R"({"code":2,"message":"Authentication failed."})")));
    BOOST_TEST(!says_dead_token(platform, reply(401, R"({"code":3,"message":"restricted feature"})")));
    BOOST_TEST(!says_dead_token(platform, reply(403, R"({"code":29})")));
}

BOOST_AUTO_TEST_SUITE_END()

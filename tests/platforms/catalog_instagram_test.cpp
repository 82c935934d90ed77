// Instagram as its two files say: Instagram Login, and Facebook Login for accounts behind pages.
#include "platforms/refresh_plan.hpp"
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests::error_words;
using connectd::tests::built_in;
using connectd::tests::check_error;
using connectd::tests::error_case;
using connectd::tests::extra;
using connectd::tests::header;
using connectd::tests::platform_fixture;
using connectd::tests::reply;

struct fixture : platform_fixture {
    fixture() : platform_fixture("instagram") {}
};

constexpr auto long_token = R"({"access_token":"IGAAlong","token_type":"bearer","expires_in":5183944})";

// Of both ways in.
error_case const graph_errors[] = {
    {refreshed, 400,
     R"({"error":{"message":"Error validating access token: ...","type":"OAuthException","code":190,)"
     R"("error_subcode":463,"fbtrace_id":"Xy12"}})",
     refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":458}})", refused, errc::grant_refused},
    {refreshed, 401, R"({"error":{"code":190,"error_subcode":460}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":467}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":459}})", refused, errc::account_suspended},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":464}})", refused, errc::account_suspended},
    {api, 403, R"({"error":{"code":10}})", refused, errc::scope_missing},
    {api, 403, R"({"error":{"code":200}})", refused, errc::scope_missing},
    {api, 400, R"({"error":{"code":299}})", refused, errc::scope_missing},
    {api, 400, R"({"error":{"code":100,"error_subcode":33}})", operator_fault, errc::request_refused},
    {api, 400, R"({"error":{"type":"OAuthException","code":4}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":17}})", temporary, errc::rate_limited},
    {api, 403, R"({"error":{"code":32}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":613}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":80002}})", temporary, errc::rate_limited},
    {api, 403, R"({"error":{"code":4,"error_subcode":2207051}})", temporary, errc::rate_limited},
    {api, 403, R"({"error":{"code":9,"error_subcode":2207042}})", temporary, errc::rate_limited},
    {api, 403, R"({"error":{"code":25,"error_subcode":2207050}})", temporary, errc::account_suspended},
    {refreshed, 400, R"({"error":{"code":1}})", temporary, errc::platform_unavailable},
    {refreshed, 400, R"({"error":{"code":2}})", temporary, errc::platform_unavailable},
    {api, 500, R"({"error":{"code":-2,"error_subcode":2207082}})", temporary, errc::platform_unavailable},
    {api, 400, R"({"error":{"code":-2,"error_subcode":2207003}})", temporary, errc::platform_unavailable},
    {refreshed, 502, "<html></html>", temporary, errc::platform_unavailable},
    {refreshed, 400, R"({"error":{"code":100,"is_transient":true}})", temporary, errc::platform_unavailable},
    {refreshed, 400, R"({"error":{"code":100,"message":"Unsupported request - method type: post"}})",
     operator_fault, errc::request_refused},
    {api, 400, R"({"error":{"code":368,"error_subcode":1390008}})", temporary, errc::rate_limited},
};

// Of api.instagram.com alone.
error_case const flat_errors[] = {
    {exchange, 400,
     R"({"error_type":"OAuthException","code":400,)"
     R"("error_message":"Matching code was not found or was already used"})",
     refused, errc::grant_refused},
    {exchange, 400, R"({"error_type":"OAuthException","code":400,"error_message":"Invalid platform app"})",
     operator_fault, errc::client_refused},
    {exchange, 400, R"({"error_type":"OAuthException","code":400,"error_message":"Invalid Client ID"})",
     operator_fault, errc::client_refused},
    {exchange, 400,
     R"({"error_type":"OAuthException","code":400,)"
     R"("error_message":"Please make sure your redirect_uri is identical to the one you used"})",
     operator_fault, errc::request_refused},
    {exchange, 400,
     R"({"error":{"message":"Error validating client secret.","type":"OAuthException","code":1}})",
     operator_fault, errc::client_refused},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_instagram_test, fixture)

BOOST_DATA_TEST_CASE(each_graph_error_has_its_verdict, graph_errors, one) {
    check_error("instagram", one);
    check_error("instagram-facebook", one);
}

BOOST_DATA_TEST_CASE(each_flat_error_has_its_verdict, flat_errors, one) {
    check_error("instagram", one);
}

BOOST_AUTO_TEST_CASE(the_browser_is_sent_with_comma_scopes_and_asked_to_log_in) {
    BOOST_TEST(authorize() ==
               "https://www.instagram.com/oauth/authorize?response_type=code&client_id=client-1"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
               "&scope=instagram_business_basic%2Cinstagram_business_content_publish&state=st"
               "&force_reauth=true");
}

BOOST_AUTO_TEST_CASE(the_documented_answers_connect) {
    client.answer(200, R"({"data":[{"access_token":"IGAAxyz","user_id":"27001122334455667",
        "permissions":"instagram_business_basic,instagram_business_content_publish"}]})");
    client.answer(200, long_token);
    client.answer(200, R"({"data":[{"user_id":"17841400112233445","username":"harbour.bakery",
        "name":"Harbour Bakery","account_type":"BUSINESS","profile_picture_url":"https://p.example/1"}]})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.access_token.reveal() == "IGAAlong");
    BOOST_TEST((made->tokens.expires_in == std::chrono::seconds(5183944)));
    BOOST_TEST(made->tokens.scopes == (std::vector<std::string>{"instagram_business_basic",
                                                                "instagram_business_content_publish"}),
               boost::test_tools::per_element());
    BOOST_TEST(extra(made->tokens, "user_id") == "27001122334455667");
    BOOST_TEST(made->who.value().id == "17841400112233445");
    BOOST_TEST(made->who->username == "harbour.bakery");
    BOOST_TEST(made->who->display_name == "Harbour Bakery");
    BOOST_TEST(made->who->avatar_url == "https://p.example/1");
    BOOST_TEST(client.sent[0].url == "https://api.instagram.com/oauth/access_token");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                                      "&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(client.sent[1].method == "GET");
    BOOST_TEST(client.sent[1].url == "https://graph.instagram.com/access_token?grant_type=ig_exchange_token"
                                     "&client_secret=secret-1&access_token=IGAAxyz");
    BOOST_TEST(client.sent[2].url ==
               "https://graph.instagram.com/v26.0/me"
               "?fields=user_id%2Cusername%2Cname%2Caccount_type%2Cprofile_picture_url");
    BOOST_TEST(header(client.sent[2], "Authorization") == "Bearer IGAAlong");
}

// What was seen in the wild: flat, a number beyond 2^53, a list, and a second id that is not the account's.
BOOST_AUTO_TEST_CASE(the_flat_answers_connect_too) {
    client.answer(200, R"({"access_token":"IGAAxyz","user_id":27001122334455667,
        "permissions":["instagram_business_basic","instagram_business_content_publish"]})");
    client.answer(200, R"({"access_token":"IGAAlong"})");
    client.answer(200,
                  R"({"user_id":17841400112233445,"username":"harbour.bakery","id":"27001122334455667"})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.scopes.size() == 2u);
    BOOST_TEST(!made->tokens.expires_in.has_value()); // the file's 60 days
    BOOST_TEST(extra(made->tokens, "user_id") == "27001122334455667");
    BOOST_TEST(made->who.value().id == "17841400112233445");
    BOOST_TEST(made->who->display_name == "harbour.bakery");
    BOOST_TEST(made->who->avatar_url == "");
}

BOOST_AUTO_TEST_CASE(a_personal_account_is_not_connected_by_its_other_id) {
    client.answer(200, R"({"access_token":"IGAAxyz"})");
    client.answer(200, long_token);
    client.answer(200, R"({"id":"27001122334455667","username":"personal"})");
    BOOST_TEST(connect().value().who.error().code == errc::nothing_to_connect);
    BOOST_TEST(platform.nothing.code == "instagram.professional.none");
}

BOOST_AUTO_TEST_CASE(the_token_renews_itself_without_any_secret) {
    client.answer(200,
                  R"({"access_token":"IGAA2","token_type":"bearer","expires_in":5183944,"permissions":"x"})");
    auto current = tokens("IGAAlong");
    set_extra(current, "user_id", connectd::crypto::secret::copy_of("27001122334455667"));
    auto const renewed = refresh(current);
    BOOST_TEST(renewed.value().access_token.reveal() == "IGAA2");
    BOOST_TEST(extra(*renewed, "user_id") == "27001122334455667");
    BOOST_TEST(client.sent[0].method == "GET");
    BOOST_TEST(client.sent[0].url ==
               "https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token"
               "&access_token=IGAAlong");
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    BOOST_TEST((first_refresh(platform, *renewed, now, 0).value() > now + std::chrono::hours(44 * 24)));
    BOOST_TEST(revoke(*renewed).has_value()); // there is no such call
    BOOST_TEST(client.sent.size() == 1u);
}

BOOST_AUTO_TEST_CASE(code_190_is_a_dead_token_whatever_the_status_and_401_alone_is_not) {
    for (auto const* name : {"instagram", "instagram-facebook", "facebook"}) {
        auto const& meta = built_in(name);
        BOOST_TEST(says_dead_token(meta, reply(400, R"({"error":{"code":190,"error_subcode":463}})")));
        BOOST_TEST(says_dead_token(meta, reply(401, R"({"error":{"code":190}})")));
        BOOST_TEST(!says_dead_token(meta, reply(401, R"({"error":{"code":200}})")));
        BOOST_TEST(!says_dead_token(meta, reply(401, "")));
        BOOST_TEST(!says_dead_token(meta, reply(400, R"({"error":{"code":4}})")));
    }
}

BOOST_AUTO_TEST_CASE(behind_facebook_only_pages_with_an_account_are_offered) {
    platform_fixture behind("instagram-facebook");
    BOOST_TEST(behind.platform.app_platform == "facebook");
    BOOST_TEST(behind.authorize() ==
               "https://www.facebook.com/v26.0/dialog/oauth?response_type=code&client_id=client-1"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
               "&scope=instagram_basic%2Cinstagram_content_publish%2Cpages_show_list%2Cpages_read_engagement"
               "%2Cbusiness_management&state=st&auth_type=rerequest");
    behind.client.answer(200, R"({"access_token":"EAAshort","token_type":"bearer"})");
    behind.client.answer(200, R"({"access_token":"EAAlong","expires_in":5183901})");
    behind.client.answer(200, R"({"data":[{"permission":"instagram_basic","status":"granted"}]})");
    behind.client.answer(200, R"({"id":"1029384756","name":"Ada"})");
    behind.client.answer(200, R"({"data":[
        {"id":"1","name":"No account","access_token":"EAA1"},
        {"id":"2","name":"Harbour Bakery","access_token":"EAA2",
         "instagram_business_account":{"id":"17841400112233445","username":"harbour.bakery"}},
        {"id":"3","name":"No token","instagram_business_account":{"id":"17841400112233446"}},
        {"id":"4","name":"Quay","access_token":"EAA4","instagram_business_account":{"id":17841400112233447}}]})");
    auto const made = behind.connect();
    BOOST_TEST(made.value().who.value().id == "1029384756");
    auto const& list = made->candidates.value().value();
    BOOST_TEST_REQUIRE(list.size() == 2u);
    BOOST_TEST(list[0].who.id == "17841400112233445");
    BOOST_TEST(list[0].who.display_name == "harbour.bakery");
    BOOST_TEST(list[0].kind == "professional");
    BOOST_TEST(list[0].access_token.reveal() == "EAA2");
    BOOST_TEST(list[1].who.id == "17841400112233447");
    BOOST_TEST(list[1].who.display_name == "Quay"); // nothing but the page's name is known
    BOOST_TEST(behind.client.sent[4].url ==
               "https://graph.facebook.com/v26.0/me/accounts?fields=id%2Cname%2Caccess_token"
               "%2Cinstagram_business_account%7Bid%2Cusername%2Cname%2Cprofile_picture_url%7D&limit=100");
}

BOOST_AUTO_TEST_SUITE_END()

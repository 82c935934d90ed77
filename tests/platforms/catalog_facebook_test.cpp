// Facebook as its file says: every request to the byte, every row of its error table. What the quirk adds is
// in facebook_pages_test.cpp.
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

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("facebook") {}
};

error_case const errors[] = {
    {exchange, 400,
     R"({"error":{"message":"This authorization code has been used.","type":"OAuthException","code":100,)"
     R"("error_subcode":36009,"fbtrace_id":"Ab1Cd2Ef3Gh"}})",
     refused, errc::grant_refused},
    {exchange, 400, R"({"error":{"code":100,"error_subcode":36007}})", refused, errc::grant_refused},
    {exchange, 400, R"({"error":{"code":100,"error_subcode":36008}})", operator_fault, errc::request_refused},
    {exchange, 400, R"({"error":{"code":101,"type":"OAuthException"}})", operator_fault,
     errc::client_refused},
    {exchange, 400, R"({"error":{"message":"Error validating client secret.","code":1}})", operator_fault,
     errc::client_refused},
    {refreshed, 400, R"({"error":{"message":"Error validating access token","code":190}})", refused,
     errc::grant_refused},
    {refreshed, 401, R"({"error":{"code":102}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":458}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":459}})", refused, errc::account_suspended},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":460}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":463}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":464}})", refused, errc::account_suspended},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":467}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":483}})", refused, errc::grant_refused},
    {api, 400, R"({"error":{"code":190,"error_subcode":492}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":493}})", refused, errc::grant_refused},
    {api, 403, R"({"error":{"code":10}})", refused, errc::scope_missing},
    {api, 403, R"({"error":{"code":200}})", refused, errc::scope_missing},
    {api, 400, R"({"error":{"code":230}})", refused, errc::scope_missing},
    {api, 400, R"({"error":{"code":299}})", refused, errc::scope_missing},
    {api, 400, R"({"error":{"code":3}})", operator_fault, errc::request_refused},
    {refreshed, 400, R"({"error":{"code":100}})", operator_fault, errc::request_refused},
    {api, 400, R"({"error":{"code":104}})", operator_fault, errc::request_refused},
    {api, 400, R"({"error":{"code":2500}})", operator_fault, errc::request_refused},
    {refreshed, 400, R"({"error":{"code":1,"message":"An unknown error occurred"}})", temporary,
     errc::platform_unavailable},
    {refreshed, 500, R"({"error":{"code":2}})", temporary, errc::platform_unavailable},
    {refreshed, 500, "", temporary, errc::platform_unavailable},
    {refreshed, 200, "<html>Sorry, something went wrong.</html>", temporary, errc::platform_unavailable},
    {refreshed, 400, R"({"error":{"code":100,"is_transient":true}})", temporary, errc::platform_unavailable},
    {api, 400,
     R"({"error":{"message":"(#4) Application request limit reached","type":"OAuthException","code":4}})",
     temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":17}})", temporary, errc::rate_limited},
    {api, 403,
     R"({"error":{"message":"(#32) Page request limit reached","type":"OAuthException","code":32}})",
     temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":341}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":613}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":80001,"is_transient":true}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":368,"error_subcode":1390008}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":368,"error_subcode":4854002}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":368,"error_subcode":1404078}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":368,"error_subcode":1404082}})", operator_fault, errc::request_refused},
    {api, 400, R"({"error":{"code":506}})", operator_fault, errc::request_refused},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_facebook_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("facebook", one);
}

BOOST_AUTO_TEST_CASE(the_browser_is_sent_with_comma_scopes_and_without_pkce) {
    BOOST_TEST(authorize() == "https://www.facebook.com/v26.0/dialog/oauth?response_type=code"
                              "&client_id=client-1&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                              "&scope=pages_show_list%2Cpages_read_engagement%2Cpages_manage_posts"
                              "%2Cbusiness_management&state=st&auth_type=rerequest");
}

BOOST_AUTO_TEST_CASE(a_connection_offers_the_pages_that_may_be_published_to) {
    client.answer(200, R"({"access_token":"EAAshort","token_type":"bearer","expires_in":5108})");
    client.answer(200, R"({"access_token":"EAAlong","token_type":"bearer","expires_in":5183901})");
    client.answer(200, R"({"data":[{"permission":"pages_show_list","status":"granted"},
        {"permission":"pages_manage_posts","status":"granted"},{"permission":"email","status":"declined"},
        {"permission":"public_profile","status":"expired"}]})");
    client.answer(
        200,
        R"({"id":"1029384756101112","name":"Ada Example","picture":{"data":{"url":"https://p.example/a"}}})");
    client.answer(200, R"({"data":[
        {"id":"204060801030507","name":"Harbour Bakery","username":"harbourbakery","access_token":"EAApage1",
         "category":"Bakery","tasks":["ADVERTISE","CREATE_CONTENT","MANAGE"],
         "picture":{"data":{"height":200,"is_silhouette":false,"url":"https://scontent.example/x.jpg"}}},
        {"id":"204060801030508","name":"Analyst only","access_token":"EAApage2","tasks":["ANALYZE"]}],
        "paging":{"cursors":{"before":"a","after":"b"},
                  "next":"https://graph.facebook.com/v26.0/1029/accounts?access_token=EAAlong&after=b"}})");
    client.answer(200, R"({"data":[{"id":"204060801030509","name":"Quay","access_token":"EAApage3",
        "tasks":["CREATE_CONTENT"]}],"paging":{"cursors":{"before":"c","after":"d"}}})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.access_token.reveal() == "EAAlong");
    BOOST_TEST(made->tokens.scopes == (std::vector<std::string>{"pages_show_list", "pages_manage_posts"}),
               boost::test_tools::per_element());
    BOOST_TEST(made->who.value().id == "1029384756101112");
    BOOST_TEST(made->who->display_name == "Ada Example");
    auto const& pages = made->candidates.value().value();
    BOOST_TEST_REQUIRE(pages.size() == 2u);
    BOOST_TEST(pages[0].who.id == "204060801030507");
    BOOST_TEST(pages[0].who.username == "harbourbakery");
    BOOST_TEST(pages[0].who.avatar_url == "https://scontent.example/x.jpg");
    BOOST_TEST(pages[0].kind == "page");
    BOOST_TEST(pages[0].access_token.reveal() == "EAApage1");
    BOOST_TEST(pages[1].who.id == "204060801030509");
    BOOST_TEST_REQUIRE(client.sent.size() == 6u);
    BOOST_TEST(client.sent[0].method == "POST");
    BOOST_TEST(client.sent[0].url == "https://graph.facebook.com/v26.0/oauth/access_token");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                                      "&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(client.sent[1].method == "GET");
    BOOST_TEST(client.sent[1].url ==
               "https://graph.facebook.com/v26.0/oauth/access_token?grant_type=fb_exchange_token"
               "&client_id=client-1&client_secret=secret-1&fb_exchange_token=EAAshort");
    BOOST_TEST(client.sent[2].url == "https://graph.facebook.com/v26.0/me/permissions?limit=200");
    BOOST_TEST(header(client.sent[2], "Authorization") == "Bearer EAAlong");
    BOOST_TEST(client.sent[3].url == "https://graph.facebook.com/v26.0/me?fields=id%2Cname%2Cpicture");
    BOOST_TEST(client.sent[4].url ==
               "https://graph.facebook.com/v26.0/me/accounts?fields=id%2Cname%2Cusername%2Caccess_token"
               "%2Ctasks%2Cpicture.type%28large%29&limit=100");
    BOOST_TEST(client.sent[5].url ==
               "https://graph.facebook.com/v26.0/1029/accounts?access_token=EAAlong&after=b");
    BOOST_TEST(header(client.sent[5], "Authorization") == ""); // the URL carries it already
}

BOOST_AUTO_TEST_CASE(a_page_has_no_end_and_is_renewed_before_its_persons_token_ends) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    auto granted = tokens("EAAlong");
    granted.expires_in = std::chrono::seconds(5183901);
    auto const page =
        tokens_of(granted, {{"204060801030507", "", "", ""}, "page", secret::copy_of("EAApage")});
    BOOST_TEST(!access_expiry(platform, page, now).has_value());
    BOOST_TEST((first_refresh(platform, page, now, 0).value() == now + std::chrono::hours(45 * 24)));
    BOOST_TEST((first_refresh(platform, page, now, 1).value() == now + std::chrono::hours(45 * 24 - 180)));
}

BOOST_AUTO_TEST_CASE(a_revocation_goes_out_with_the_token_of_the_person) {
    auto const page =
        tokens_of(tokens("EAAlong"), {{"204060801030507", "", "", ""}, "page", secret::copy_of("EAApage")});
    client.answer(200, R"({"success":true})");
    BOOST_TEST(revoke(page).has_value());
    BOOST_TEST(client.sent[0].method == "DELETE");
    BOOST_TEST(client.sent[0].url == "https://graph.facebook.com/v26.0/me/permissions");
    BOOST_TEST(header(client.sent[0], "Authorization") == "Bearer EAAlong");
    BOOST_TEST(platform.revoke.ends_sibling_accounts);
    client.answer(400, R"({"error":{"code":190}})"); // gone already
    BOOST_TEST(revoke(page).has_value());
    client.answer(500, R"({"error":{"code":2}})");
    BOOST_TEST(revoke(page).error().what == verdict::temporary);
}

BOOST_AUTO_TEST_CASE(no_page_has_a_word_of_its_own) {
    BOOST_TEST(platform.nothing.code == "facebook.pages.none");
    BOOST_TEST(platform.nothing.help.find("tick at least one page") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

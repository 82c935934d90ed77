// Threads as its file says: every request to the byte, every row of its error table.
#include "platforms/refresh_plan.hpp"
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests::error_words;
using connectd::tests::check_error;
using connectd::tests::error_case;
using connectd::tests::extra;
using connectd::tests::header;
using connectd::tests::reply;

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("threads") {}
};

error_case const errors[] = {
    {exchange, 400,
     R"({"error_type":"OAuthException","code":400,)"
     R"("error_message":"Matching code was not found or was already used"})",
     refused, errc::grant_refused},
    {exchange, 400,
     R"({"error":{"message":"Error validating client secret.","type":"OAuthException","code":1}})",
     operator_fault, errc::client_refused},
    {exchange, 400,
     R"({"error_type":"OAuthException","code":400,"error_message":"Error validating client secret."})",
     operator_fault, errc::client_refused},
    {exchange, 400,
     R"({"error_type":"OAuthException","code":400,)"
     R"("error_message":"Please make sure your redirect_uri is identical"})",
     operator_fault, errc::request_refused},
    {refreshed, 400,
     R"({"error":{"message":"Error validating access token: Session has expired on ...",)"
     R"("type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"Zz9"}})",
     refused, errc::grant_refused},
    {refreshed, 401, R"({"error":{"code":190,"error_subcode":458}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":460}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":467}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190}})", refused, errc::grant_refused},
    {refreshed, 400, R"({"error":{"code":190,"error_subcode":459}})", refused, errc::account_suspended},
    {refreshed, 400, R"({"error":{"code":102}})", refused, errc::grant_refused},
    {api, 403, R"({"error":{"code":10}})", refused, errc::scope_missing},
    {api, 403, R"({"error":{"code":200}})", refused, errc::scope_missing},
    {api, 400, R"({"error":{"code":299}})", refused, errc::scope_missing},
    {api, 400, R"({"error":{"type":"OAuthException","code":4}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":17}})", temporary, errc::rate_limited},
    {api, 403, R"({"error":{"code":32}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":613}})", temporary, errc::rate_limited},
    {api, 429, "", temporary, errc::rate_limited},
    {refreshed, 400, R"({"error":{"code":1}})", temporary, errc::platform_unavailable},
    {refreshed, 500, R"({"error":{"code":2}})", temporary, errc::platform_unavailable},
    {refreshed, 503, "<html>down</html>", temporary, errc::platform_unavailable},
    {refreshed, 400, R"({"error":{"code":100,"is_transient":true}})", temporary, errc::platform_unavailable},
    {refreshed, 400, R"({"error":{"code":190,"is_transient":true}})", temporary, errc::platform_unavailable},
    {api, 400, R"({"error":{"code":24,"error_subcode":4279009}})", temporary, errc::platform_unavailable},
    {api, 400, R"({"error":{"code":1,"error_subcode":2207051}})", temporary, errc::rate_limited},
    {api, 400, R"({"error":{"code":2207051}})", temporary, errc::rate_limited},
    {api, 403, R"({"error":{"code":10,"error_subcode":4279013}})", temporary, errc::account_suspended},
    {api, 403, R"({"error":{"code":4279013}})", temporary, errc::account_suspended},
    {refreshed, 400, R"({"error":{"code":100,"message":"Unsupported request - method type: post"}})",
     operator_fault, errc::request_refused},
    {refreshed, 400, R"({"error":{"code":7777}})", operator_fault, errc::request_refused},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_threads_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("threads", one);
}

BOOST_AUTO_TEST_CASE(the_browser_is_sent_with_comma_scopes_and_without_pkce) {
    BOOST_TEST(authorize() == "https://threads.com/oauth/authorize?response_type=code&client_id=client-1"
                              "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                              "&scope=threads_basic%2Cthreads_content_publish&state=st");
    BOOST_TEST(requested_scopes(platform, {"threads_delete"}) ==
                   (std::vector<std::string>{"threads_delete", "threads_basic"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_connection_is_exchange_long_token_and_identity) {
    client.answer(200, R"({"access_token":"THAAabc","user_id":25556677889900112,"token_type":"bearer"})");
    client.answer(200, R"({"access_token":"THAAlong","token_type":"bearer","expires_in":5183944})");
    client.answer(200, R"({"id":"25556677889900112","username":"harbour.bakery","name":"Harbour Bakery",
        "threads_profile_picture_url":"https://scontent.example/p.jpg","threads_biography":"Rolls.","is_verified":false})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.access_token.reveal() == "THAAlong");
    BOOST_TEST((made->tokens.expires_in == std::chrono::seconds(5183944)));
    BOOST_TEST(extra(made->tokens, "user_id") == "25556677889900112");
    BOOST_TEST(made->who.value().id == "25556677889900112");
    BOOST_TEST(made->who->username == "harbour.bakery");
    BOOST_TEST(made->who->display_name == "Harbour Bakery");
    BOOST_TEST(made->who->avatar_url == "https://scontent.example/p.jpg");
    BOOST_TEST(!made->candidates.has_value());
    BOOST_TEST(client.sent[0].method == "POST");
    BOOST_TEST(client.sent[0].url == "https://graph.threads.com/oauth/access_token");
    BOOST_TEST(client.sent[0].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
                                      "&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(header(client.sent[0], "Authorization") == "");
    BOOST_TEST(client.sent[1].method == "GET");
    BOOST_TEST(client.sent[1].url == "https://graph.threads.net/access_token?grant_type=th_exchange_token"
                                     "&client_secret=secret-1&access_token=THAAabc");
    BOOST_TEST(client.sent[2].url == "https://graph.threads.net/v1.0/me"
                                     "?fields=id%2Cusername%2Cname%2Cthreads_profile_picture_url");
    BOOST_TEST(header(client.sent[2], "Authorization") == "Bearer THAAlong");
}

BOOST_AUTO_TEST_CASE(what_is_optional_may_be_missing) {
    client.answer(200, R"({"access_token":"THAAabc","user_id":25556677889900112})");
    client.answer(200, R"({"access_token":"THAAlong"})");
    client.answer(200, R"({"id":"25556677889900112","username":"harbour.bakery"})");
    auto const made = connect();
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.value().display_name == "harbour.bakery");
    BOOST_TEST(made->who->avatar_url == "");
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    BOOST_TEST((access_expiry(platform, made->tokens, now) == now + std::chrono::hours(60 * 24)));
}

BOOST_AUTO_TEST_CASE(the_token_renews_itself_without_any_secret) {
    client.answer(200, R"({"access_token":"THAAlong2","token_type":"bearer","expires_in":5184000})");
    auto const renewed = refresh(tokens("THAAlong"));
    BOOST_TEST(renewed.value().access_token.reveal() == "THAAlong2");
    BOOST_TEST(client.sent[0].method == "GET");
    BOOST_TEST(client.sent[0].url ==
               "https://graph.threads.net/refresh_access_token?grant_type=th_refresh_token"
               "&access_token=THAAlong");
}

BOOST_AUTO_TEST_CASE(it_is_renewed_in_time_and_never_too_young) {
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    auto set = tokens("THAAlong");
    set.expires_in = std::chrono::seconds(5184000);
    BOOST_TEST((first_refresh(platform, set, now, 0).value() == now + std::chrono::hours(45 * 24)));
    BOOST_TEST((first_refresh(platform, set, now, 1).value() == now + std::chrono::hours(45 * 24 - 180)));
    set.expires_in = std::chrono::seconds(3600);
    BOOST_TEST((first_refresh(platform, set, now, 0).value() == now + std::chrono::hours(24)));
}

BOOST_AUTO_TEST_CASE(nothing_is_revoked_and_only_some_answers_say_that_the_token_is_dead) {
    BOOST_TEST(revoke(tokens("THAAlong")).has_value());
    BOOST_TEST(client.sent.empty());
    BOOST_TEST(says_dead_token(platform, reply(400, R"({"error":{"code":190,"error_subcode":463}})")));
    BOOST_TEST(says_dead_token(platform, reply(401, R"({"error":{"code":190}})")));
    BOOST_TEST(!says_dead_token(platform, reply(401, R"({"error":{"code":10}})")));
    BOOST_TEST(!says_dead_token(platform, reply(401, "")));
}

BOOST_AUTO_TEST_SUITE_END()

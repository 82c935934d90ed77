// Google's token endpoint and revocation: client authentication, codes, refreshes without a refresh token,
// how refresh tokens die, and the words of each no.
#include "tests/sandbox/youtube_visit.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

void expect(answer const& got, unsigned status, std::string_view error, std::string_view description) {
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.text("/error") == error);
    BOOST_TEST(got.text("/error_description") == description);
}

constexpr auto dead = "Token has been expired or revoked.";

BOOST_FIXTURE_TEST_SUITE(youtube_token_endpoint_test, youtube_visit)

BOOST_AUTO_TEST_CASE(an_exchange_answers_in_googles_fields) {
    auto const got = connect();
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.json().as_object().size() == 5);
    BOOST_TEST(got.text("/access_token").starts_with("ya29."));
    BOOST_TEST(got.text("/refresh_token").starts_with("1//0"));
    BOOST_TEST(got.json().at("expires_in").to_number<int>() == 3599);
    BOOST_TEST(got.text("/token_type") == "Bearer");
    BOOST_TEST(got.text("/scope") == scope("youtube.upload") + " " + scope("youtube.readonly"));
}

BOOST_AUTO_TEST_CASE(a_code_works_once_for_its_redirect_uri_and_is_decoded_once) {
    auto const code_given = code(authorize_target());
    expect(exchange(sandbox::percent_encode(code_given)), 400, "invalid_grant", "Malformed auth code.");
    expect(exchange(code_given, {{"redirect_uri", "https://app.example/"}}), 400, "redirect_uri_mismatch",
           "Bad Request");
    BOOST_TEST(exchange(code_given).status == 200);
    expect(exchange(code_given), 400, "invalid_grant", "Bad Request");
    expect(exchange("4/0Anobody"), 400, "invalid_grant", "Bad Request");
    auto const late = code(authorize_target());
    ahead(seconds{600});
    expect(exchange(late), 400, "invalid_grant", "Bad Request");
}

BOOST_AUTO_TEST_CASE(pkce_is_checked_when_a_challenge_came_and_does_not_replace_the_secret) {
    std::string const verifier{stage::verifier};
    for (parameters const& challenge :
         {parameters{{"code_challenge", std::string{stage::challenge}}, {"code_challenge_method", "S256"}},
          parameters{{"code_challenge", verifier}, {"code_challenge_method", "plain"}},
          parameters{{"code_challenge", verifier}}}) {
        auto const given = code(authorize_target(challenge));
        expect(exchange(given), 400, "invalid_grant", "Missing code verifier.");
        expect(exchange(given, {{"code_verifier", verifier + "x"}}), 400, "invalid_grant",
               "Invalid code verifier.");
        expect(exchange(given, {{"code_verifier", verifier}, {"client_secret", ""}}), 400, "invalid_request",
               "client_secret is missing.");
        BOOST_TEST(exchange(given, {{"code_verifier", verifier}}).status == 200);
    }
}

BOOST_AUTO_TEST_CASE(the_client_authenticates_in_the_body_or_by_basic) {
    auto const got = connect();
    auto const form =
        query_of({{"grant_type", "refresh_token"}, {"refresh_token", got.text("/refresh_token")}});
    BOOST_TEST(site.post_form("/token", form, {basic()}).status == 200);
    expect(site.post_form("/token", form, {basic("sandbox-app", "wrong")}), 401, "invalid_client",
           "The provided client secret is invalid.");
    expect(site.post_form("/token", form), 400, "invalid_request",
           "Could not determine client ID from request.");
    expect(refresh(got.text("/refresh_token"), {{"client_secret", "wrong"}}), 401, "invalid_client",
           "The provided client secret is invalid.");
    expect(refresh(got.text("/refresh_token"), {{"client_id", "nobody"}}), 401, "invalid_client",
           "The OAuth client was not found.");
    flag_app("deleted");
    expect(refresh(got.text("/refresh_token")), 401, "deleted_client", "The OAuth client was deleted.");
}

BOOST_AUTO_TEST_CASE(missing_and_unknown_parameters_are_named) {
    expect(token({}), 400, "invalid_request", "Required parameter is missing: grant_type");
    expect(token({{"grant_type", "password"}}), 400, "unsupported_grant_type",
           "Invalid grant_type: password");
    expect(token({{"grant_type", "authorization_code"}, {"code", "4/0A"}}), 400, "invalid_request",
           "Missing required parameter: redirect_uri");
    expect(token({{"grant_type", "refresh_token"}}), 400, "invalid_request",
           "Missing required parameter: refresh_token");
    BOOST_TEST(site.post_json("/token", R"({"grant_type":"refresh_token"})").status == 400);
    BOOST_TEST(site.get("/token").status == 405);
}

BOOST_AUTO_TEST_CASE(a_refresh_brings_no_refresh_token_and_may_be_repeated) {
    auto const first = connect();
    answer again;
    for (int i = 0; i < 3; ++i)
        again = refresh(first.text("/refresh_token"));
    BOOST_TEST(again.status == 200);
    BOOST_TEST(again.json().as_object().size() == 4);
    BOOST_TEST(!again.json().as_object().contains("refresh_token"));
    BOOST_TEST(channels(again.text("/access_token")).status == 200);
    BOOST_TEST(channels(first.text("/access_token")).status == 200);
    auto const less = refresh(first.text("/refresh_token"), {{"scope", scope("youtube.readonly")}});
    BOOST_TEST(less.text("/scope") == scope("youtube.readonly"));
    BOOST_TEST(refresh(first.text("/refresh_token"), {{"scope", "openid"}}).text("/error") ==
               "invalid_scope");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_belongs_to_its_client) {
    put_app(R"({"client_id":"other-app","client_secret":"s","redirect_uris":["https://app.example/cb"]})");
    auto const got = connect();
    expect(refresh(got.text("/refresh_token"), {{"client_id", "other-app"}, {"client_secret", "s"}}), 401,
           "unauthorized_client", "Unauthorized");
    expect(refresh(got.text("/access_token")), 400, "invalid_grant", "Bad Request");
    expect(refresh("1//0gnobody"), 400, "invalid_grant", "Bad Request");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_dies_unused_after_six_months_and_lives_on_with_use) {
    auto const got = connect();
    for (int i = 0; i < 3; ++i) {
        ahead(hours{24 * 180});
        BOOST_TEST(refresh(got.text("/refresh_token")).status == 200);
    }
    ahead(hours{24 * 184});
    expect(refresh(got.text("/refresh_token")), 400, "invalid_grant", dead);
}

BOOST_AUTO_TEST_CASE(in_testing_it_says_so_and_dies_after_a_week_however_used) {
    flag_app("testing");
    auto const got = connect();
    BOOST_TEST(got.json().at("refresh_token_expires_in").to_number<int>() == 604'799);
    ahead(hours{24 * 6});
    auto const again = refresh(got.text("/refresh_token"));
    BOOST_TEST(again.status == 200);
    BOOST_TEST(!again.json().as_object().contains("refresh_token_expires_in"));
    ahead(hours{24});
    expect(refresh(got.text("/refresh_token")), 400, "invalid_grant", dead);
}

BOOST_AUTO_TEST_CASE(the_hundred_and_first_refresh_token_pushes_out_the_oldest) {
    auto const oldest = connect();
    auto const second = connect();
    for (int i = 0; i < 99; ++i)
        connect({}, "ada");
    expect(refresh(oldest.text("/refresh_token")), 400, "invalid_grant", dead);
    BOOST_TEST(refresh(second.text("/refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(workspace_policies_stop_a_refresh) {
    auto const got = connect();
    set_trait("ada", "youtube_session_ended");
    auto const ended = refresh(got.text("/refresh_token"));
    BOOST_TEST(ended.status == 400);
    BOOST_TEST(ended.text("/error") == "invalid_grant");
    BOOST_TEST(ended.text("/error_subtype") == "invalid_rapt");
    set_trait("ada", "youtube_admin_blocked");
    BOOST_TEST(refresh(got.text("/refresh_token")).text("/error") == "admin_policy_enforced");
    set_trait("ada", "youtube_no_channel");
    BOOST_TEST(refresh(got.text("/refresh_token")).status == 200);
    flag_app("session_ended");
    BOOST_TEST(refresh(got.text("/refresh_token")).text("/error_subtype") == "invalid_rapt");
}

BOOST_AUTO_TEST_CASE(a_revocation_takes_all_that_the_person_gave_the_project) {
    auto const sibling_app = R"({"client_id":"sandbox-two","client_secret":"s","redirect_uris":[")" +
                             std::string{stage::redirect_uri} + R"("]})";
    put_app(sibling_app);
    auto const first = connect();
    auto const sibling = exchange(code(authorize_target({{"client_id", "sandbox-two"}})),
                                  {{"client_id", "sandbox-two"}, {"client_secret", "s"}});
    auto const stranger = connect({}, "ben");
    BOOST_TEST(sibling.status == 200);
    auto const done = revoke(first.text("/access_token"));
    BOOST_TEST(done.status == 200);
    BOOST_TEST(done.body == "{}");
    expect(refresh(first.text("/refresh_token")), 400, "invalid_grant", dead);
    BOOST_TEST(channels(sibling.text("/access_token")).status == 401);
    BOOST_TEST(channels(stranger.text("/access_token")).status == 200);
    expect(revoke(first.text("/refresh_token")), 400, "invalid_token", "Token expired or revoked");
    expect(revoke("nobody"), 400, "invalid_token", "Token expired or revoked");
    BOOST_TEST(revoke(stranger.text("/refresh_token")).status == 200);
    BOOST_TEST(channels(stranger.text("/access_token")).status == 401);
}

BOOST_AUTO_TEST_CASE(openid_brings_an_id_token_and_the_account) {
    auto const got = connect({{"scope", "openid email profile"}});
    BOOST_TEST(got.text("/id_token").starts_with("eyJ"));
    auto const info = site.get("/v1/userinfo", {bearer(got.text("/access_token"))});
    BOOST_TEST(info.text("/sub").size() == 21);
    BOOST_TEST(info.text("/name") == "Ada Marlow");
    BOOST_TEST(info.text("/email") == "ada@sandbox.test");
    auto const picture = info.text("/picture");
    BOOST_TEST(site.get(picture.substr(pretend.url("youtube").size())).header("content-type") ==
               "image/svg+xml");
    auto const told = site.get("/tokeninfo?access_token=" + got.text("/access_token"));
    BOOST_TEST(told.text("/aud") == "sandbox-app");
    BOOST_TEST(told.text("/sub") == info.text("/sub"));
    BOOST_TEST(site.get("/tokeninfo?access_token=nobody").text("/error") == "invalid_token");
    BOOST_TEST(!connect().json().as_object().contains("id_token"));
    BOOST_TEST(site.get("/v1/userinfo", {bearer(connect().text("/access_token"))}).status == 403);
    auto const found = site.get("/.well-known/openid-configuration");
    BOOST_TEST(found.text("/issuer") == "https://accounts.google.com");
    BOOST_TEST(found.text("/token_endpoint") == pretend.url("youtube") + "/token");
    BOOST_TEST(found.json().at("authorization_response_iss_parameter_supported").as_bool());
    BOOST_TEST(site.get("/oauth2/v3/certs").json().as_object().contains("keys"));
}

BOOST_AUTO_TEST_CASE(faults_come_in_googles_words) {
    auto const script = [&](std::string_view members) {
        control.post_json("/faults", "{\"platform\":\"youtube\"," + std::string{members} + "}");
    };
    auto const got = connect();
    script(R"("endpoint":"refresh","kind":"status","status":503)");
    BOOST_TEST(refresh(got.text("/refresh_token")).text("/error") == "internal_failure");
    script(R"("endpoint":"channels","kind":"status","status":403)");
    BOOST_TEST(channels(got.text("/access_token")).text("/error/errors/0/reason") == "quotaExceeded");
    script(R"("endpoint":"token","kind":"success_without_token")");
    BOOST_TEST(!connect().json().as_object().contains("access_token"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

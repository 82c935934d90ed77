// X's token endpoint and revocation: who may ask, what a code and a refresh token are good for, and the exact
// words of a no.
#include "tests/sandbox/stage.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto dead_code = "Value passed for the authorization code was invalid.";
constexpr auto dead_token = "Value passed for the token was invalid.";

void expect_refusal(answer const& got, unsigned status, std::string_view error,
                    std::string_view description) {
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.text("/error") == error);
    BOOST_TEST(got.text("/error_description") == description);
    BOOST_TEST(got.json().as_object().size() == 2);
}

std::string exchange_form(std::string_view code, std::map<std::string, std::string> const& replaced = {}) {
    std::map<std::string, std::string> form{{"grant_type", "authorization_code"},
                                            {"code", std::string{code}},
                                            {"redirect_uri", std::string{stage::redirect_uri}},
                                            {"code_verifier", std::string{stage::verifier}}};
    for (auto const& [name, value] : replaced)
        form[name] = value;
    std::erase_if(form, [](auto const& each) { return each.second.empty(); });
    return query_of(form);
}

constexpr auto token_path = "/2/oauth2/token";

BOOST_AUTO_TEST_SUITE(token_endpoint_test)

BOOST_AUTO_TEST_CASE(a_good_exchange_answers_the_five_fields_of_x) {
    stage on;
    auto const got = on.connect();
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.header("content-type") == "application/json; charset=utf-8");
    auto const body = got.json().as_object();
    BOOST_TEST(body.size() == 5);
    BOOST_TEST(got.text("/token_type") == "bearer");
    BOOST_TEST(body.at("expires_in").as_int64() == 7200);
    BOOST_TEST(got.text("/scope") == "tweet.write users.read tweet.read offline.access media.write");
    BOOST_TEST(got.text("/access_token").size() > 40);
    BOOST_TEST(got.text("/refresh_token") != got.text("/access_token"));
}

BOOST_AUTO_TEST_CASE(without_offline_access_there_is_no_refresh_token) {
    stage on;
    auto const got = on.connect({{"scope", "tweet.read users.read"}});
    BOOST_TEST(got.status == 200);
    BOOST_TEST(!got.json().as_object().contains("refresh_token"));
}

BOOST_AUTO_TEST_CASE(a_code_works_once) {
    stage on;
    auto const code = on.code();
    auto const first = on.exchange(code);
    BOOST_TEST(first.status == 200);
    expect_refusal(on.exchange(code), 400, "invalid_request", dead_code);
    BOOST_TEST(on.events("code_replayed") == 1);
    BOOST_TEST(on.x.get("/2/users/me", {bearer(first.text("/access_token"))}).status == 200);
}

BOOST_AUTO_TEST_CASE(a_code_lives_thirty_seconds) {
    stage on;
    auto const in_time = on.code();
    on.ahead(seconds{25});
    BOOST_TEST(on.exchange(in_time).status == 200);
    auto const late = on.code();
    on.ahead(seconds{30});
    expect_refusal(on.exchange(late), 400, "invalid_request", dead_code);
}

BOOST_AUTO_TEST_CASE(a_code_belongs_to_its_client_redirect_uri_and_challenge) {
    stage on;
    on.control.post_json(
        "/x/apps",
        R"({"client_id":"other","client_secret":"other-secret","redirect_uris":["https://app.example/callback?from=x"]})");
    auto const code = on.code();
    expect_refusal(on.x.post_form(token_path, exchange_form(code), {basic("other", "other-secret")}), 400,
                   "invalid_request", dead_code);
    expect_refusal(on.x.post_form(token_path, exchange_form(code, {{"redirect_uri", "https://app.example/"}}),
                                  {basic()}),
                   400, "invalid_request",
                   "Value passed for the redirect uri did not match the uri of the authorization code.");
    expect_refusal(on.exchange(code, "aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), 400, "invalid_request",
                   "Value passed for the code verifier did not match the code challenge.");
    expect_refusal(on.exchange(code, stage::challenge), 400, "invalid_request",
                   "Value passed for the code verifier did not match the code challenge.");
    expect_refusal(on.exchange("bm8tc3VjaC1jb2Rl"), 400, "invalid_request", dead_code);
    BOOST_TEST(on.exchange(code).status == 200);
}

BOOST_AUTO_TEST_CASE(plain_challenges_are_compared_as_they_are) {
    stage on;
    auto const code = on.code({{"code_challenge", "challenge"}, {"code_challenge_method", "plain"}});
    BOOST_TEST(on.exchange(code, "challenges").status == 400);
    BOOST_TEST(on.exchange(code, "challenge").status == 200);
}

BOOST_AUTO_TEST_CASE(missing_parameters_are_named) {
    stage on;
    auto const code = on.code();
    for (auto const* const name : {"code", "redirect_uri", "code_verifier", "grant_type"})
        expect_refusal(on.x.post_form(token_path, exchange_form(code, {{name, ""}}), {basic()}), 400,
                       "invalid_request", "Missing required parameter [" + std::string{name} + "].");
    expect_refusal(on.x.post_form(token_path, "grant_type=refresh_token", {basic()}), 400, "invalid_request",
                   "Missing required parameter [refresh_token].");
    BOOST_TEST(on.x.post_form(token_path, "grant_type=password", {basic()}).text("/error") ==
               "unsupported_grant_type");
}

BOOST_AUTO_TEST_CASE(only_forms_are_read) {
    stage on;
    auto const code = on.code();
    expect_refusal(on.x.post_json(token_path, exchange_form(code), {basic()}), 400, "invalid_request",
                   "Missing required parameter [grant_type].");
    BOOST_TEST(on.x.post_form(token_path, exchange_form(code) + "&code=again", {basic()}).status == 400);
    BOOST_TEST(on.x.post_form(token_path, exchange_form(code) + "&x=%q", {basic()}).status == 400);
    BOOST_TEST(on.x.get(token_path).status == 405);
}

BOOST_AUTO_TEST_CASE(a_confidential_client_must_send_basic) {
    stage on;
    auto const code = on.code();
    auto const refuse = [&](std::string const& extra, header_list const& headers) {
        expect_refusal(on.x.post_form(token_path, exchange_form(code) + extra, headers), 401,
                       "unauthorized_client", "Missing valid authorization header");
    };
    refuse("", {});
    refuse("&client_id=sandbox-app", {});
    refuse("&client_id=sandbox-app&client_secret=sandbox-app-secret", {});
    refuse("", {basic("sandbox-app", "wrong")});
    refuse("", {basic("nobody", "sandbox-app-secret")});
    refuse("", {{"Authorization", "Basic !!!"}});
    refuse("", {bearer("token")});
    BOOST_TEST(on.x.post_form(token_path, exchange_form(code) + "&client_id=other", {basic()}).status == 400);
    BOOST_TEST(on.x.post_form(token_path, exchange_form(code) + "&client_id=sandbox-app", {basic()}).status ==
               200);
}

BOOST_AUTO_TEST_CASE(id_and_secret_may_be_percent_encoded_before_base64) {
    stage on;
    on.control.post_json("/x/apps", R"({"client_id":"odd/id","client_secret":"s+ecret%",)"
                                    R"("redirect_uris":["https://app.example/callback?from=x"]})");
    auto const code = on.code({{"client_id", "odd/id"}});
    BOOST_TEST(on.x.post_form(token_path, exchange_form(code), {basic("odd%2Fid", "s%2Becret%25")}).status ==
               200);
    auto const raw = on.code({{"client_id", "odd/id"}});
    BOOST_TEST(on.x.post_form(token_path, exchange_form(raw), {basic("odd/id", "s+ecret%")}).status == 200);
}

BOOST_AUTO_TEST_CASE(a_public_client_names_itself_in_the_body_and_sends_no_header) {
    stage on;
    std::map<std::string, std::string> const as_public{{"client_id", "sandbox-native-app"}};
    auto const code = on.code(as_public);
    expect_refusal(on.x.post_form(token_path, exchange_form(code), {basic("sandbox-native-app", "")}), 401,
                   "unauthorized_client", "Missing valid authorization header");
    auto const got = on.x.post_form(token_path, exchange_form(code, as_public));
    BOOST_TEST(got.status == 200);
    auto const again =
        on.x.post_form(token_path, "grant_type=refresh_token&client_id=sandbox-native-app&refresh_token=" +
                                       got.text("/refresh_token"));
    BOOST_TEST(again.status == 200);
}

BOOST_AUTO_TEST_CASE(a_refresh_rotates_both_tokens) {
    stage on;
    auto const first = on.connect();
    auto const second = on.refresh(first.text("/refresh_token"));
    BOOST_TEST(second.status == 200);
    BOOST_TEST(second.json().as_object().size() == 5);
    BOOST_TEST(second.text("/refresh_token") != first.text("/refresh_token"));
    BOOST_TEST(second.text("/access_token") != first.text("/access_token"));
    BOOST_TEST(on.x.get("/2/users/me", {bearer(second.text("/access_token"))}).status == 200);
    BOOST_TEST(on.events("refresh_spent") == 1);
}

BOOST_AUTO_TEST_CASE(a_spent_refresh_token_kills_the_whole_family) {
    stage on;
    auto const first = on.connect();
    auto const second = on.refresh(first.text("/refresh_token"));
    auto const other = on.connect();
    expect_refusal(on.refresh(first.text("/refresh_token")), 400, "invalid_request", dead_token);
    expect_refusal(on.refresh(second.text("/refresh_token")), 400, "invalid_request", dead_token);
    for (auto const& each : {first, second})
        BOOST_TEST(on.x.get("/2/users/me", {bearer(each.text("/access_token"))}).status == 401);
    BOOST_TEST(on.events("refresh_replayed") == 1);
    BOOST_TEST(on.events("grant_ended_by_replay") == 1);
    BOOST_TEST(on.refresh(other.text("/refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_refused_to_others_and_after_half_a_year) {
    stage on;
    on.control.post_json("/x/apps", R"({"client_id":"other","client_secret":"other-secret",)"
                                    R"("redirect_uris":["https://other.example/"]})");
    auto const got = on.connect();
    auto const form = "grant_type=refresh_token&refresh_token=" + got.text("/refresh_token");
    expect_refusal(on.x.post_form(token_path, form, {basic("other", "other-secret")}), 400, "invalid_request",
                   dead_token);
    expect_refusal(on.refresh(got.text("/access_token")), 400, "invalid_request", dead_token);
    on.ahead(hours{24 * 180});
    expect_refusal(on.refresh(got.text("/refresh_token")), 400, "invalid_request", dead_token);
    BOOST_TEST(on.events("grant_ended_by_replay") == 0);
}

BOOST_AUTO_TEST_CASE(revoking_ends_that_token_and_no_other) {
    stage on;
    auto const got = on.connect();
    auto const revoke = [&](std::string_view token) {
        return on.x.post_form("/2/oauth2/revoke", "token_type_hint=refresh_token&token=" + std::string{token},
                              {basic()});
    };
    auto const revoked = revoke(got.text("/refresh_token"));
    BOOST_TEST(revoked.status == 200);
    BOOST_TEST(revoked.body == R"({"revoked":true})");
    expect_refusal(on.refresh(got.text("/refresh_token")), 400, "invalid_request", dead_token);
    BOOST_TEST(on.x.get("/2/users/me", {bearer(got.text("/access_token"))}).status == 200);
    BOOST_TEST(revoke(got.text("/access_token")).status == 200);
    BOOST_TEST(on.x.get("/2/users/me", {bearer(got.text("/access_token"))}).status == 401);
    BOOST_TEST(revoke("nobody-knows-it").status == 200);
    BOOST_TEST(on.events("grant_ended_by_replay") == 0);
}

BOOST_AUTO_TEST_CASE(revoking_needs_the_client_and_a_token) {
    stage on;
    on.control.post_json("/x/apps", R"({"client_id":"other","client_secret":"other-secret",)"
                                    R"("redirect_uris":["https://other.example/"]})");
    auto const got = on.connect();
    auto const form = "token=" + got.text("/access_token");
    BOOST_TEST(on.x.post_form("/2/oauth2/revoke", form).status == 401);
    expect_refusal(on.x.post_form("/2/oauth2/revoke", form, {basic("other", "other-secret")}), 400,
                   "invalid_request", dead_token);
    expect_refusal(on.x.post_form("/2/oauth2/revoke", "token=", {basic()}), 400, "invalid_request",
                   "Missing required parameter [token].");
    BOOST_TEST(on.x.get("/2/users/me", {bearer(got.text("/access_token"))}).status == 200);
}

BOOST_AUTO_TEST_CASE(the_oldest_grants_are_forgotten_beyond_the_limit) {
    auto options = stage::defaults();
    options.most_grants = 3;
    stage on{options};
    auto const oldest = on.connect();
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(on.connect().status == 200);
    BOOST_TEST(on.x.get("/2/users/me", {bearer(oldest.text("/access_token"))}).status == 401);
    BOOST_TEST(on.control.get("/x/grants").json().at("data").as_array().size() == 3);
    BOOST_TEST(on.control.get("/x/codes").json().at("data").as_array().size() == 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

// LinkedIn's consent and tokens: what goes back to the client and what does not, credentials in the body
// only, refresh tokens for approved apps with an end that nothing moves, and the words of each no.
#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "tests/sandbox/linkedin_visit.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::int64_t sixty_days = 5'184'000;
constexpr std::int64_t year = 31'536'000;

std::int64_t number(answer const& got, std::string_view pointer) {
    return got.json().at_pointer(pointer).to_number<std::int64_t>();
}

void expect_error(answer const& got, unsigned status, std::string_view error, std::string_view words) {
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.text("/error") == error);
    BOOST_TEST(got.text("/error_description").find(words) != std::string::npos, got.body);
}

BOOST_FIXTURE_TEST_SUITE(linkedin_oauth_test, linkedin_visit)

BOOST_AUTO_TEST_CASE(approval_and_denial_go_back_with_the_state) {
    auto const yes = decide(authorize_target());
    BOOST_TEST(yes.starts_with(stage::redirect_uri));
    BOOST_TEST(parameter_of(yes, "code").size() > 100);
    BOOST_TEST(parameter_of(yes, "state") == "s 1");
    auto const no = decide(authorize_target(), "ada", "deny");
    BOOST_TEST(parameter_of(no, "error") == "user_cancelled_authorize");
    BOOST_TEST(parameter_of(no, "state") == "s 1");
    BOOST_TEST(parameter_of(decide(authorize_target(), "ada", "cancel_login"), "error") ==
               "user_cancelled_login");
    BOOST_TEST(parameter_of(decide(authorize_target({{"state", ""}})), "code").size() > 100);
}

BOOST_AUTO_TEST_CASE(a_scope_that_the_app_does_not_have_goes_back_before_anybody_is_asked) {
    put_app(R"({"client_id":"self","client_secret":"s","redirect_uris":["https://app.example/cb"],)"
            R"("scopes":["openid","profile","email","w_member_social"]})");
    auto const asking = [&](std::string_view scope) {
        return site
            .get(authorize_target({{"client_id", "self"},
                                   {"redirect_uri", "https://app.example/cb"},
                                   {"scope", std::string{scope}}}))
            .header("location");
    };
    for (auto const* const scope :
         {"openid rw_organization_admin", "openid,profile", "r_liteprofile", "openid  profile"})
        BOOST_TEST(parameter_of(asking(scope), "error") == "unauthorized_scope_error", scope);
    auto const sent = asking("openid rw_organization_admin");
    BOOST_TEST(parameter_of(sent, "error_description") ==
               "Scope \"rw_organization_admin\" is not authorized for your application");
    BOOST_TEST(parameter_of(sent, "state") == "s 1");
    BOOST_TEST(asking("openid profile email w_member_social").empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_client_or_redirect_uri_never_goes_back) {
    for (auto const& each : std::vector<parameters>{{{"client_id", "nobody"}},
                                                    {{"redirect_uri", "https://app.example/Callback"}},
                                                    {{"redirect_uri", "https://app.example/callback/"}},
                                                    {{"redirect_uri", "https://app.example/callback#x"}},
                                                    {{"redirect_uri", ""}},
                                                    {{"response_type", "token"}}}) {
        auto const page = site.get(authorize_target(each));
        BOOST_TEST(page.status == 400, each.begin()->second);
        BOOST_TEST(page.header("location").empty());
    }
}

BOOST_AUTO_TEST_CASE(query_arguments_do_not_matter_when_redirect_uris_are_compared) {
    auto const other = std::string{"https://app.example/callback?from=elsewhere"};
    auto const given = code(authorize_target({{"redirect_uri", other}}));
    BOOST_TEST(!given.empty());
    expect_error(exchange(given), 400, "invalid_request", "redirect uri");
    BOOST_TEST(exchange(given, "sandbox-app", {{"redirect_uri", other}}).status == 200);
}

BOOST_AUTO_TEST_CASE(redirect_uris_of_apps_are_https_or_on_the_loopback) {
    for (auto const* const uri : {"http://app.example/cb", "myapp://cb"})
        BOOST_TEST(
            control.post_json("/linkedin/apps", R"({"client_id":"a","client_secret":"s","redirect_uris":[")" +
                                                    std::string{uri} + R"("]})")
                    .status == 400,
            uri);
    BOOST_TEST(control
                   .post_json("/linkedin/apps",
                              R"({"client_id":"a","type":"public","redirect_uris":["https://a.example/"]})")
                   .status == 400);
}

BOOST_AUTO_TEST_CASE(an_app_that_is_not_approved_gets_no_refresh_token) {
    auto const got = connect();
    BOOST_TEST(got.status == 200);
    BOOST_TEST(number(got, "/expires_in") == sixty_days);
    BOOST_TEST(got.text("/scope") == "email,openid,profile,w_member_social");
    BOOST_TEST(got.text("/token_type") == "Bearer");
    BOOST_TEST(got.text("/access_token").size() > 300);
    BOOST_TEST(!got.json().as_object().contains("refresh_token"));
    BOOST_TEST(!got.json().as_object().contains("refresh_token_expires_in"));
}

BOOST_AUTO_TEST_CASE(the_id_token_names_the_member_and_comes_with_openid_only) {
    auto const got = connect("sandbox-app", "ada", {{"nonce", "n1"}});
    auto const token = got.text("/id_token");
    auto const middle = token.substr(token.find('.') + 1);
    auto const decoded = crypto::decode_base64url(middle.substr(0, middle.find('.'))).value();
    auto const claims = boost::json::parse(crypto::as_text(decoded));
    auto const info = site.get("/v2/userinfo", {bearer(got.text("/access_token"))});
    BOOST_TEST(claims.at("sub").as_string() == info.text("/sub"));
    BOOST_TEST(claims.at("aud").as_string() == "sandbox-app");
    BOOST_TEST(claims.at("nonce").as_string() == "n1");
    BOOST_TEST(site.get("/oauth/openid/jwks").json().at("keys").as_array().size() == 1);
    auto const without = connect("sandbox-app", "ada", {{"scope", "w_member_social"}});
    BOOST_TEST(!without.json().as_object().contains("id_token"));
}

BOOST_AUTO_TEST_CASE(a_code_works_once_for_half_an_hour_and_pkce_is_ignored) {
    auto const challenged =
        code(authorize_target({{"code_challenge", "short"}, {"code_challenge_method", "S256"}}));
    BOOST_TEST(exchange(challenged).status == 200);
    expect_error(exchange(challenged), 400, "invalid_request", "authorization code expired");
    auto const in_time = code(authorize_target());
    ahead(minutes{29});
    BOOST_TEST(exchange(in_time).status == 200);
    auto const late = code(authorize_target());
    ahead(minutes{30});
    expect_error(exchange(late), 400, "invalid_request", "authorization code expired");
    auto const mine = code(authorize_target());
    expect_error(exchange(mine, partner), 400, "invalid_request", "does not match");
    expect_error(exchange("AQTnonsense"), 400, "invalid_request", "does not match");
}

BOOST_AUTO_TEST_CASE(credentials_come_in_the_body_and_basic_is_refused) {
    auto const given = code(authorize_target());
    auto const bare = query_of({{"grant_type", "authorization_code"},
                                {"code", given},
                                {"redirect_uri", std::string{stage::redirect_uri}}});
    constexpr auto path = "/oauth/v2/accessToken";
    expect_error(site.post_form(path, bare, {basic()}), 401, "invalid_client",
                 "Client authentication failed");
    expect_error(site.post_form(path, bare + "&" + query_of(credentials("sandbox-app")), {basic()}), 401,
                 "invalid_client", "Client authentication failed");
    expect_error(site.post_form(path, bare), 400, "invalid_request", "\"client_id\" is missing");
    expect_error(site.post_form(path, bare + "&client_id=sandbox-app"), 400, "invalid_request",
                 "\"client_secret\" is missing");
    expect_error(exchange(given, "sandbox-app", {{"client_secret", "wrong"}}), 401, "invalid_client",
                 "Client authentication failed");
    expect_error(exchange(given, "sandbox-app", {{"client_id", "nobody"}}), 401, "invalid_client",
                 "Client authentication failed");
    BOOST_TEST(exchange(given).status == 200);
}

BOOST_AUTO_TEST_CASE(missing_parameters_are_named_and_only_forms_are_read) {
    auto const given = code(authorize_target());
    for (auto const* const name : {"code", "redirect_uri", "grant_type"})
        expect_error(exchange(given, "sandbox-app", {{name, ""}}), 400, "invalid_request",
                     "A required parameter \"" + std::string{name} + "\" is missing");
    expect_error(token({{"grant_type", "refresh_token"}}), 400, "invalid_request", "\"refresh_token\"");
    expect_error(site.post_json("/oauth/v2/accessToken", R"({"grant_type":"authorization_code"})"), 400,
                 "invalid_request", "\"grant_type\" is missing");
    expect_error(token({{"grant_type", "client_credentials"}}), 401, "access_denied", "application tokens");
    expect_error(token({{"grant_type", "password"}}), 400, "unsupported_grant_type", "");
    BOOST_TEST(site.get("/oauth/v2/accessToken").status == 405);
}

BOOST_AUTO_TEST_CASE(a_refresh_gives_the_same_refresh_token_with_less_time_left) {
    auto const first = connect(partner);
    BOOST_TEST(number(first, "/refresh_token_expires_in") == year);
    ahead(hours{24 * 100});
    auto const second = refresh(first.text("/refresh_token"));
    BOOST_TEST(second.status == 200);
    BOOST_TEST(second.text("/refresh_token") == first.text("/refresh_token"));
    BOOST_TEST(number(second, "/refresh_token_expires_in") <= year - 100 * 86'400);
    BOOST_TEST(number(second, "/refresh_token_expires_in") > year - 101 * 86'400);
    BOOST_TEST(second.text("/access_token") != first.text("/access_token"));
    BOOST_TEST(number(second, "/expires_in") == sixty_days);
    BOOST_TEST(site.get("/v2/userinfo", {bearer(second.text("/access_token"))}).status == 200);
    BOOST_TEST(refresh(first.text("/refresh_token")).status == 200);
}

BOOST_AUTO_TEST_CASE(near_its_end_a_refresh_gives_tokens_that_die_with_it) {
    auto const first = connect(partner);
    ahead(hours{24 * 360});
    auto const last = refresh(first.text("/refresh_token"));
    BOOST_TEST(number(last, "/expires_in") <= 5 * 86'400);
    BOOST_TEST(number(last, "/expires_in") == number(last, "/refresh_token_expires_in"));
    ahead(hours{24 * 5});
    expect_error(refresh(first.text("/refresh_token")), 400, "invalid_grant", "expired or revoked");
    BOOST_TEST(site.get("/v2/userinfo", {bearer(last.text("/access_token"))}).status == 401);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_good_for_its_client_and_as_long_as_the_member_agrees) {
    auto const got = connect(partner);
    expect_error(refresh(got.text("/refresh_token"), "sandbox-app"), 400, "invalid_grant", "");
    expect_error(refresh(got.text("/access_token")), 400, "invalid_grant", "");
    control.post_json("/people/ada/revoke", R"({"platform":"linkedin"})");
    expect_error(refresh(got.text("/refresh_token")), 400, "invalid_grant", "expired or revoked");
    auto const refused = site.get("/v2/userinfo", {bearer(got.text("/access_token"))});
    BOOST_TEST(refused.status == 401);
    BOOST_TEST(refused.text("/code") == "REVOKED_ACCESS_TOKEN");
}

BOOST_AUTO_TEST_CASE(revoking_takes_token_client_id_and_client_secret) {
    auto const got = connect(partner);
    auto form = credentials(partner);
    form["token"] = got.text("/access_token");
    BOOST_TEST(site.post_form("/oauth/v2/revoke", query_of({{"token", form["token"]}})).status == 400);
    auto const foreign = credentials("sandbox-app");
    BOOST_TEST(site.post_form("/oauth/v2/revoke", query_of(foreign) + "&token=" + form["token"]).status ==
               400);
    BOOST_TEST(site.post_form("/oauth/v2/revoke", query_of(form)).status == 200);
    BOOST_TEST(site.get("/v2/userinfo", {bearer(form["token"])}).text("/code") == "REVOKED_ACCESS_TOKEN");
    BOOST_TEST(refresh(got.text("/refresh_token")).status == 400);
}

BOOST_AUTO_TEST_CASE(introspection_tells_what_a_token_is_worth) {
    auto const got = connect(partner);
    auto const ask = [&](std::string const& token) {
        return site.post_form("/oauth/v2/introspectToken",
                              query_of(credentials(partner)) + "&token=" + token);
    };
    auto const active = ask(got.text("/access_token"));
    BOOST_TEST(active.json().at("active").as_bool());
    BOOST_TEST(active.text("/scope") == "email,openid,profile,w_member_social");
    BOOST_TEST(active.text("/auth_type") == "3L");
    ahead(hours{24 * 60});
    BOOST_TEST(ask(got.text("/access_token")).text("/status") == "expired");
    BOOST_TEST(!ask("nonsense").json().at("active").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

// Any OpenID server, from its issuer to a connected account.
#include "platforms/discovery.hpp"
#include "platforms/refresh_plan.hpp"
#include "tests/platforms/metadata_fixture.hpp"
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests::error_words;
using connectd::crypto::secret;
using connectd::tests::check_error;
using connectd::tests::error_case;
using connectd::tests::header;
using connectd::tests::metadata_with;
using connectd::tests::run;
using connectd::tests::usual_issuer;

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("oidc") {}

    descriptor found(std::string metadata) {
        client.answer(200, std::move(metadata));
        return run(context, discover(client, platform, std::string(usual_issuer), true, until)).value();
    }
};

error_case const errors[] = {
    {exchange, 400, R"({"error":"invalid_grant","error_description":"Code not valid"})", refused,
     errc::grant_refused},
    {refreshed, 400, R"({"error":"invalid_grant","error_description":"Session not active"})", refused,
     errc::grant_refused},
    {refreshed, 401, R"({"error":"invalid_client"})", operator_fault, errc::client_refused},
    {refreshed, 400, R"({"error":"unauthorized_client"})", operator_fault, errc::client_refused},
    {exchange, 400, R"({"error":"invalid_request"})", operator_fault, errc::request_refused},
    {exchange, 400, R"({"error":"invalid_scope"})", operator_fault, errc::request_refused},
    {exchange, 400, R"({"error":"unsupported_grant_type"})", operator_fault, errc::request_refused},
    {refreshed, 503, R"({"error":"temporarily_unavailable"})", temporary, errc::platform_unavailable},
    {refreshed, 400, R"({"error":"slow_down"})", temporary, errc::rate_limited},
    {refreshed, 429, "", temporary, errc::rate_limited},
    // RFC 6750 section 3.1; most servers say it in a header only.
    {identity_call, 401, "", refused, errc::grant_refused},
    {identity_call, 401, R"({"error":"invalid_token"})", refused, errc::grant_refused},
    {identity_call, 403, R"({"error":"insufficient_scope"})", operator_fault, errc::scope_missing},
    {call_kind::revoke, 400, R"({"error":"unsupported_token_type"})", operator_fault, errc::request_refused},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalog_oidc_test, fixture)

BOOST_DATA_TEST_CASE(each_error_has_its_verdict, errors, one) {
    check_error("oidc", one);
}

BOOST_AUTO_TEST_CASE(a_connection_is_metadata_exchange_and_userinfo) {
    auto const server = found(std::string(connectd::tests::usual_metadata));
    BOOST_TEST(authorize_url(server, "client-1", "https://app.example/cb", "st", "verifier",
                             requested_scopes(server, {})) ==
               "https://id.example/tenant/auth?response_type=code&client_id=client-1"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=openid%20profile%20email%20offline_access"
               "&state=st&code_challenge=iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ"
               "&code_challenge_method=S256&prompt=consent");
    auto const awkward = secret::copy_of("a b:c%");
    app_credentials const own{"client 1", awkward};
    client.answer(200, R"({"access_token":"at","token_type":"Bearer","expires_in":300,"refresh_token":"rt",
        "refresh_expires_in":1800,"id_token":"eyJ.e30.sig","scope":"openid profile email","session_state":"x"})");
    client.answer(200, R"({"sub":"248289761001248289761001","preferred_username":"ada","name":"Ada Example",
        "email":"ada@example.org","email_verified":true,"picture":"https://id.example/ada.png"})");
    auto const made = run(context, calls.connect(server, own, "code-1", "https://app.example/cb",
                                                 secret::copy_of("verifier"), until));
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->who.value().id == "248289761001248289761001");
    BOOST_TEST(made->who->username == "ada");
    BOOST_TEST(made->who->display_name == "Ada Example");
    BOOST_TEST(made->who->avatar_url == "https://id.example/ada.png");
    BOOST_TEST(client.sent[1].url == "https://id.example/tenant/token");
    // Form-encoded first (RFC 6749 section 2.3.1): "client+1:a+b%3Ac%25".
    BOOST_TEST(header(client.sent[1], "Authorization") == "Basic Y2xpZW50KzE6YStiJTNBYyUyNQ==");
    BOOST_TEST(client.sent[1].body == "grant_type=authorization_code&code=code-1"
                                      "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier=verifier");
    BOOST_TEST(client.sent[2].url == "https://id.example/tenant/me");
    for (auto const& request : client.sent) {
        BOOST_TEST(request.user_given_url, request.url);
    }
    auto const now = sys_ms{std::chrono::milliseconds{1'790'000'000'000}};
    BOOST_TEST((first_refresh(server, made->tokens, now, 0).value() == now + std::chrono::seconds(150)));
}

BOOST_AUTO_TEST_CASE(what_is_optional_may_be_missing) {
    auto const server = found(metadata_with("revocation_endpoint", ""));
    client.answer(200, R"({"access_token":"at","token_type":"Bearer"})");
    client.answer(200, R"({"sub":"1","email":"ada@example.org"})");
    auto const made = run(context, calls.connect(server, app, "code-1", "https://app.example/cb",
                                                 secret::copy_of("verifier"), until));
    BOOST_TEST(made.value().who.value().username == "ada@example.org");
    BOOST_TEST(made->who->display_name == "ada@example.org");
    BOOST_TEST(run(context, calls.revoke(server, app, made->tokens, until)).has_value());
    BOOST_TEST(client.sent.size() == 3u);
}

BOOST_AUTO_TEST_CASE(tokens_are_refreshed_and_revoked_where_the_metadata_says) {
    auto const server =
        found(metadata_with("token_endpoint_auth_methods_supported", R"(["client_secret_post"])"));
    auto current = tokens("at");
    current.refresh_token = secret::copy_of("rt");
    client.answer(200, R"({"access_token":"at2","expires_in":300})");
    client.answer(200, "");
    client.answer(200, "");
    BOOST_TEST(!run(context, calls.refresh(server, app, current, until)).value().refresh_token.has_value());
    BOOST_TEST(client.sent[1].url == "https://id.example/tenant/token");
    BOOST_TEST(client.sent[1].body ==
               "grant_type=refresh_token&refresh_token=rt&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(run(context, calls.revoke(server, app, current, until)).has_value());
    BOOST_TEST(client.sent[2].url == "https://id.example/tenant/revoke");
    BOOST_TEST(client.sent[2].body == "token=rt&client_id=client-1&client_secret=secret-1");
    BOOST_TEST(client.sent[3].body == "token=at&client_id=client-1&client_secret=secret-1");
    for (auto const& request : client.sent) {
        BOOST_TEST(request.user_given_url, request.url);
    }
}

BOOST_AUTO_TEST_CASE(a_public_client_only_names_itself) {
    auto const server = found(metadata_with("token_endpoint_auth_methods_supported", R"(["none"])"));
    BOOST_TEST(!server.client.secret_required);
    secret const none;
    auto const request = token_request(server, {"client-1", none}, "c", "https://app.example/cb", "v");
    BOOST_TEST(header(request, "Authorization") == "");
    BOOST_TEST(request.body.ends_with("&code_verifier=v&client_id=client-1"));
}

BOOST_AUTO_TEST_SUITE_END()

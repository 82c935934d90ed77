// The requests of OAuth 2.0, byte for byte, for the platforms of the catalog and for an invented one.
#include "platforms/oauth2.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::crypto::secret;
using connectd::tests::built_in;
using connectd::tests::header;
using connectd::tests::made_up_platform;
using connectd::tests::parsed;

// RFC 7636 appendix B.
constexpr auto verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr auto challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
constexpr auto form_type = "application/x-www-form-urlencoded";

token_set tokens(std::string_view access, std::string_view refresh) {
    token_set made;
    made.access_token = secret::copy_of(access);
    if (!refresh.empty()) {
        made.refresh_token = secret::copy_of(refresh);
    }
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(oauth2_test)

BOOST_AUTO_TEST_CASE(x_authorize_url_is_exact) {
    auto const& x = built_in("x");
    auto const url = authorize_url(x, "client 1", "https://app.example/cb/x?a=b", "st&ate", verifier,
                                   requested_scopes(x, {}));
    BOOST_TEST(url ==
               std::string("https://x.com/i/oauth2/authorize?response_type=code&client_id=client%201"
                           "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%2Fx%3Fa%3Db"
                           "&scope=tweet.read%20tweet.write%20users.read%20media.write%20offline.access"
                           "&state=st%26ate&code_challenge=") +
                   challenge + "&code_challenge_method=S256");
}

BOOST_AUTO_TEST_CASE(required_scopes_are_added_once) {
    auto const& x = built_in("x");
    std::vector<std::string> const expected = {"tweet.write", "users.read", "tweet.read", "offline.access"};
    BOOST_TEST(requested_scopes(x, {"tweet.write", "users.read"}) == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(x_code_exchange_of_a_confidential_client_uses_basic) {
    auto const key = secret::copy_of("secret-1");
    auto const request = token_request(built_in("x"), {"client-id-1", key}, "Q09ERS0x",
                                       "https://app.example/cb/x", "4f7vP0mJ");
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.url == "https://api.x.com/2/oauth2/token");
    BOOST_TEST(header(request, "Content-Type") == form_type);
    BOOST_TEST(header(request, "Accept") == "application/json");
    BOOST_TEST(header(request, "Authorization") == "Basic Y2xpZW50LWlkLTE6c2VjcmV0LTE=");
    BOOST_TEST(request.body == "grant_type=authorization_code&code=Q09ERS0x"
                               "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%2Fx&code_verifier=4f7vP0mJ");
    BOOST_TEST(!request.user_given_url);
}

BOOST_AUTO_TEST_CASE(a_client_without_a_secret_names_itself_in_the_body) {
    secret const none;
    app_credentials const app{"client-id-1", none};
    auto const& x = built_in("x");
    auto const exchange = token_request(x, app, "c", "https://a.example", "v");
    BOOST_TEST(header(exchange, "Authorization") == "");
    BOOST_TEST(exchange.body == "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fa.example"
                                "&code_verifier=v&client_id=client-id-1");
    auto const renewal = refresh_request(x, app, tokens("a", "r 1"));
    BOOST_TEST(renewal.body == "grant_type=refresh_token&refresh_token=r+1&client_id=client-id-1");
    auto const revocations = revoke_requests(x, app, tokens("a", ""));
    BOOST_TEST_REQUIRE(revocations.size() == 1u);
    BOOST_TEST(revocations[0].body == "token=a&token_type_hint=access_token&client_id=client-id-1");
}

BOOST_AUTO_TEST_CASE(x_refresh_and_revoke_both_tokens) {
    auto const key = secret::copy_of("secret-1");
    app_credentials const app{"client-id-1", key};
    auto const& x = built_in("x");
    auto const renewal = refresh_request(x, app, tokens("acc", "ref"));
    BOOST_TEST(renewal.url == "https://api.x.com/2/oauth2/token");
    BOOST_TEST(renewal.body == "grant_type=refresh_token&refresh_token=ref");
    BOOST_TEST(header(renewal, "Authorization") == "Basic Y2xpZW50LWlkLTE6c2VjcmV0LTE=");
    auto const revocations = revoke_requests(x, app, tokens("acc", "ref"));
    BOOST_TEST_REQUIRE(revocations.size() == 2u);
    BOOST_TEST(revocations[0].url == "https://api.x.com/2/oauth2/revoke");
    BOOST_TEST(revocations[0].body == "token=ref&token_type_hint=refresh_token");
    BOOST_TEST(revocations[1].body == "token=acc&token_type_hint=access_token");
    BOOST_TEST(header(revocations[1], "Authorization") == "Basic Y2xpZW50LWlkLTE6c2VjcmV0LTE=");
}

BOOST_AUTO_TEST_CASE(x_identity_asks_for_the_picture) {
    auto const request = identity_request(built_in("x"), tokens("tok", ""));
    BOOST_TEST(request.method == "GET");
    BOOST_TEST(request.url == "https://api.x.com/2/users/me?user.fields=profile_image_url%2Cverified");
    BOOST_TEST(header(request, "Authorization") == "Bearer tok");
    BOOST_TEST(request.body == "");
}

BOOST_AUTO_TEST_CASE(basic_can_form_encode_id_and_secret_first) {
    auto const file = R"({"name":"p","endpoints":{"authorize_url":"https://p.example/a",
        "token_url":"https://p.example/t","identity_url":"https://p.example/i"},"identity":{"id":"/id"},"pkce":"none",
        "client":{"authentication":"basic","basic_encoding":")";
    auto const key = secret::copy_of("s p:c+~");
    app_credentials const app{"id:1", key};
    auto const raw = token_request(parsed(std::string(file) + "raw\"}}"), app, "c", "r", "");
    // base64 of "id:1:s p:c+~" and of "id%3A1:s+p%3Ac%2B%7E"
    BOOST_TEST(header(raw, "Authorization") == "Basic aWQ6MTpzIHA6Yyt+");
    BOOST_TEST(raw.body == "grant_type=authorization_code&code=c&redirect_uri=r");
    auto const form = token_request(parsed(std::string(file) + "form\"}}"), app, "c", "r", "");
    BOOST_TEST(header(form, "Authorization") == "Basic aWQlM0ExOnMrcCUzQWMlMkIlN0U=");
}

BOOST_AUTO_TEST_CASE(the_invented_platform_is_spoken_to_in_its_own_words) {
    auto const chirp = parsed(made_up_platform);
    auto const key = secret::copy_of("s&1");
    app_credentials const app{"app 1", key};
    // hex(SHA-256(verifier)) of the verifier above
    BOOST_TEST(authorize_url(chirp, "app 1", "https://a.example/cb", "s", verifier,
                             requested_scopes(chirp, {"post", "media"})) ==
               "https://chirp.example/dialog?v=3&response_type=code&app_key=app%201"
               "&redirect_uri=https%3A%2F%2Fa.example%2Fcb&permissions=post%2Cmedia%2Cme&state=s"
               "&code_challenge=13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"
               "&code_challenge_method=S256&prompt=always&lang=en%20us");
    auto const exchange = token_request(chirp, app, "9aXk*0!4523.e1", "https://a.example/cb", "v");
    BOOST_TEST(exchange.body == "grant_type=authorization_code&code=9aXk*0%214523.e1"
                                "&redirect_uri=https%3A%2F%2Fa.example%2Fcb&code_verifier=v"
                                "&app_key=app+1&app_secret=s%261&forever=true");
    BOOST_TEST(header(exchange, "Authorization") == "");
    BOOST_TEST(header(exchange, "Cache-Control") == "no-cache");
    auto const renewal = refresh_request(chirp, app, tokens("a", "r"));
    BOOST_TEST(renewal.url == "https://api.chirp.example/renew");
    BOOST_TEST(renewal.body == "grant_type=renew&renewal=r&app_key=app+1&app_secret=s%261&keep=1");
    auto const revocations = revoke_requests(chirp, app, tokens("a", "r"));
    BOOST_TEST_REQUIRE(revocations.size() == 1u);
    BOOST_TEST(revocations[0].body == "key=a&app_key=app+1&app_secret=s%261");
    auto const who = identity_request(chirp, tokens("a", ""));
    BOOST_TEST(who.url == "https://api.chirp.example/v3/self?fields=id%2Cnick");
    BOOST_TEST(header(who, "Chirp-Version") == "3");
}

// The shape of Meta's platforms: the living token extends itself by GET, revocation is a DELETE with the
// token.
BOOST_AUTO_TEST_CASE(tokens_can_extend_themselves_and_be_deleted) {
    auto const meta = parsed(R"({"name":"meta","pkce":"none","endpoints":{
        "authorize_url":"https://m.example/a","token_url":"https://m.example/t",
        "refresh_url":"https://m.example/refresh_access_token","revoke_url":"https://m.example/me/permissions",
        "identity_url":"{api_base}/me","api_base":"https://m.example/v1"},"identity":{"id":"/id",
        "token_parameter":"access_token"},
        "refresh":{"model":"extend","method":"GET","grant_type":"ig_refresh_token","token_parameter":"access_token",
        "authentication":"omitted"},
        "revoke":{"method":"DELETE","bearer":true,"token_parameter":"","tokens":["access"]}})");
    auto const key = secret::copy_of("s");
    app_credentials const app{"7", key};
    auto const renewal = refresh_request(meta, app, tokens("long lived", ""));
    BOOST_TEST(renewal.method == "GET");
    BOOST_TEST(renewal.url == "https://m.example/refresh_access_token?grant_type=ig_refresh_token"
                              "&access_token=long%20lived");
    BOOST_TEST(renewal.body == "");
    BOOST_TEST(header(renewal, "Content-Type") == "");
    auto const revocations = revoke_requests(meta, app, tokens("tok", ""));
    BOOST_TEST_REQUIRE(revocations.size() == 1u);
    BOOST_TEST(revocations[0].method == "DELETE");
    BOOST_TEST(revocations[0].url == "https://m.example/me/permissions");
    BOOST_TEST(header(revocations[0], "Authorization") == "Bearer tok");
    auto of_instance = tokens("t k", "");
    of_instance.api_base = "https://instance.example/api";
    auto const own = identity_request(meta, of_instance);
    BOOST_TEST(own.url == "https://instance.example/api/me?access_token=t%20k");
    BOOST_TEST(own.user_given_url);
    BOOST_TEST(header(own, "Authorization") == "");
    auto const usual = identity_request(meta, tokens("t", ""));
    BOOST_TEST(usual.url == "https://m.example/v1/me?access_token=t");
    BOOST_TEST(!usual.user_given_url);
}

BOOST_AUTO_TEST_CASE(omitted_authentication_names_nobody_even_without_a_secret) {
    auto platform = parsed(made_up_platform);
    secret const none;
    auto const url = std::string("grant_type=renew&renewal=r");
    platform.refresh.authentication = client_authentication::none;
    BOOST_TEST(refresh_request(platform, {"7", none}, tokens("a", "r")).body == url + "&app_key=7&keep=1");
    platform.refresh.authentication = client_authentication::omitted;
    BOOST_TEST(refresh_request(platform, {"7", none}, tokens("a", "r")).body == url + "&keep=1");
    platform.revoke.authentication = client_authentication::omitted;
    BOOST_TEST(revoke_requests(platform, {"7", none}, tokens("a", "r")).at(0).body == "key=a");
}

BOOST_AUTO_TEST_CASE(a_short_lived_token_is_exchanged_with_or_without_the_client_id) {
    auto chirp = parsed(made_up_platform);
    auto const key = secret::copy_of("s&1");
    app_credentials const app{"app 1", key};
    auto const posted = long_lived_request(chirp, app, secret::copy_of("short 1"));
    BOOST_TEST(posted.method == "POST");
    BOOST_TEST(posted.url == "https://api.chirp.example/longer");
    BOOST_TEST(posted.body == "grant_type=lengthen&app_secret=s%261&key=short+1");
    BOOST_TEST(header(posted, "Cache-Control") == "no-cache");
    chirp.long_lived.method = request_method::get;
    chirp.long_lived.send_client_id = true;
    auto const asked = long_lived_request(chirp, app, secret::copy_of("short 1"));
    BOOST_TEST(asked.method == "GET");
    BOOST_TEST(asked.url == "https://api.chirp.example/longer?grant_type=lengthen&app_key=app%201"
                            "&app_secret=s%261&key=short%201");
    BOOST_TEST(asked.body == "");
    chirp.long_lived.authentication = client_authentication::omitted;
    BOOST_TEST(long_lived_request(chirp, app, secret::copy_of("s")).url ==
               "https://api.chirp.example/longer?grant_type=lengthen&key=s");
}

BOOST_AUTO_TEST_CASE(candidates_are_asked_at_the_accounts_own_base) {
    auto const chirp = parsed(made_up_platform);
    auto const usual = candidates_request(chirp, secret::copy_of("a"), "");
    BOOST_TEST(usual.method == "GET");
    BOOST_TEST(usual.url == "https://api.chirp.example/v3/nests?fields=id%2Ctitle");
    BOOST_TEST(header(usual, "Authorization") == "Bearer a");
    BOOST_TEST(header(usual, "Accept") == "application/json");
    BOOST_TEST(header(usual, "Chirp-Version") == "3");
    BOOST_TEST(!usual.user_given_url);
    auto const own = candidates_request(chirp, secret::copy_of("a"), "https://nest.example");
    BOOST_TEST(own.url == "https://nest.example/nests?fields=id%2Ctitle");
    BOOST_TEST(own.user_given_url);
}

BOOST_AUTO_TEST_CASE(fields_are_asked_for_as_far_as_the_granted_scopes_allow) {
    auto chirp = parsed(made_up_platform);
    chirp.identity.query = {{"v", "3"}};
    chirp.identity.fields = {
        "fields", ",", {"id", "name"}, {{"profile", {"nick", "bio"}}, {"stats", {"likes"}}}};
    auto granted = tokens("a", "");
    constexpr auto url = "https://api.chirp.example/v3/self?v=3&fields=";
    BOOST_TEST(identity_request(chirp, granted).url == url + std::string("id%2Cname"));
    granted.scopes = {"stats", "post"};
    BOOST_TEST(identity_request(chirp, granted).url == url + std::string("id%2Cname%2Clikes"));
    granted.scopes = {"stats", "profile"};
    BOOST_TEST(identity_request(chirp, granted).url == url + std::string("id%2Cname%2Cnick%2Cbio%2Clikes"));
    granted.scopes = {"profile.all"};
    BOOST_TEST(identity_request(chirp, granted).url == url + std::string("id%2Cname"));
}

BOOST_AUTO_TEST_CASE(a_platform_that_a_user_named_is_called_as_user_given) {
    auto chirp = parsed(made_up_platform);
    chirp.user_given = true;
    auto const key = secret::copy_of("s");
    app_credentials const app{"a", key};
    BOOST_TEST(token_request(chirp, app, "c", "r", "v").user_given_url);
    BOOST_TEST(long_lived_request(chirp, app, key).user_given_url);
    BOOST_TEST(refresh_request(chirp, app, tokens("a", "r")).user_given_url);
    BOOST_TEST(revoke_requests(chirp, app, tokens("a", "r")).at(0).user_given_url);
    BOOST_TEST(identity_request(chirp, tokens("a", "")).user_given_url);
    BOOST_TEST(candidates_request(chirp, key, "").user_given_url);
}

BOOST_AUTO_TEST_CASE(the_grant_of_a_chosen_account_is_revoked_where_the_platform_wants_it) {
    auto chirp = parsed(made_up_platform);
    auto const key = secret::copy_of("s");
    app_credentials const app{"a", key};
    auto page = tokens("page", "");
    set_extra(page, grant_access_extra, secret::copy_of("person"));
    BOOST_TEST(revoke_requests(chirp, app, page).at(0).body == "key=page&app_key=a&app_secret=s");
    chirp.revoke.grant_token = true;
    BOOST_TEST(revoke_requests(chirp, app, page).at(0).body == "key=person&app_key=a&app_secret=s");
    BOOST_TEST(revoke_requests(chirp, app, tokens("own", "")).at(0).body == "key=own&app_key=a&app_secret=s");
    chirp.revoke.bearer = true;
    chirp.revoke.token_parameter.clear();
    chirp.revoke.tokens = {token_kind::refresh, token_kind::access};
    auto const calls = revoke_requests(chirp, app, page);
    BOOST_TEST_REQUIRE(calls.size() == 1u); // this grant has no refresh token
    BOOST_TEST(header(calls[0], "Authorization") == "Bearer person");
}

BOOST_AUTO_TEST_CASE(without_a_revoke_endpoint_there_is_nothing_to_send) {
    auto platform = parsed(made_up_platform);
    platform.endpoints.revoke_url.clear();
    auto const key = secret::copy_of("s");
    BOOST_TEST(revoke_requests(platform, {"a", key}, tokens("a", "r")).empty());
}

BOOST_AUTO_TEST_SUITE_END()

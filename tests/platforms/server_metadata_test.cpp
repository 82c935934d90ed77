// What the metadata of a server makes of a platform, and that nothing in it is trusted.
#include "platforms/discovery.hpp"
#include "platforms/server_metadata.hpp"
#include "tests/platforms/metadata_fixture.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace {

using namespace connectd::platforms;
using connectd::tests::found_by_issuer;
using connectd::tests::metadata_with;
using connectd::tests::reply;
using connectd::tests::usual_issuer;
using connectd::tests::usual_metadata;

using words = std::vector<std::string>;

struct refusal {
    char const* member;
    char const* value;
};

std::ostream& operator<<(std::ostream& out, refusal const& one) {
    return out << one.member << " = " << one.value;
}

refusal const refusals[] = {
    // RFC 8414 section 3.3: identical, not equal after any kind of normalising
    {"issuer", ""},
    {"issuer", "\"\""},
    {"issuer", "7"},
    {"issuer", "[\"https://id.example/tenant\"]"},
    {"issuer", "\"https://id.example/tenant/\""},
    {"issuer", "\"https://ID.example/tenant\""},
    {"issuer", "\"https://id.example:443/tenant\""},
    {"issuer", "\"https://id.example/other\""},
    {"issuer", "\"http://id.example/tenant\""},
    // endpoints
    {"authorization_endpoint", ""},
    {"authorization_endpoint", "null"},
    {"authorization_endpoint", "\"javascript:alert(1)\""},
    {"authorization_endpoint", "\"http://id.example/auth\""},
    {"authorization_endpoint", "\"http://localhost/auth\""},
    {"authorization_endpoint", "\"/auth\""},
    {"authorization_endpoint", "\"https://id.example/auth#fragment\""},
    {"authorization_endpoint", "\"https://user:secret@id.example/auth\""},
    {"token_endpoint", ""},
    {"token_endpoint", "\"http://127.0.0.1/token\""},
    {"token_endpoint", "\"https://id.example/to ken\""},
    {"token_endpoint", "\"https://id.example/\\r\\nX: y\""},
    {"token_endpoint", "\"file:///etc/passwd\""},
    {"token_endpoint", "{\"url\":\"https://id.example/token\"}"},
    {"userinfo_endpoint", ""},
    {"userinfo_endpoint", "\"http://169.254.169.254/latest\""},
    {"revocation_endpoint", "\"http://id.example/revoke\""},
    // nothing that we speak
    {"token_endpoint_auth_methods_supported", "[\"private_key_jwt\",\"tls_client_auth\"]"},
    {"token_endpoint_auth_methods_supported", "[]"},
    {"response_types_supported", "[\"id_token\"]"},
    {"grant_types_supported", "[\"client_credentials\"]"},
    {"require_pushed_authorization_requests", "true"},
    {"require_signed_request_object", "true"},
};

// What independent servers say of themselves (node-oidc-provider 8, Keycloak 26, Authelia 4.39, Google and
// Mastodon 4.4, as of 2026), shortened to what matters here.
struct known_server {
    char const* name;
    char const* issuer;
    char const* metadata;
    client_authentication authentication;
    pkce_method pkce;
    bool issuer_required;
    words scopes;
    bool consent; // asked for with the offline scope
    char const* revoke_url;
};

std::ostream& operator<<(std::ostream& out, known_server const& one) {
    return out << one.name;
}

known_server const known_servers[] = {
    {"node-oidc-provider",
     "https://op.example",
     R"({"acr_values_supported":[],"issuer":"https://op.example",
        "authorization_endpoint":"https://op.example/auth","claims_parameter_supported":false,
        "claims_supported":["sub","name","nickname","email","sid","auth_time","iss"],
        "code_challenge_methods_supported":["S256"],"grant_types_supported":["authorization_code","refresh_token"],
        "jwks_uri":"https://op.example/jwks","authorization_response_iss_parameter_supported":true,
        "response_modes_supported":["form_post","fragment","query"],
        "response_types_supported":["code id_token","code","id_token","none"],
        "scopes_supported":["openid","offline_access","email","profile"],"subject_types_supported":["public"],
        "token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_jwt","client_secret_post",
        "private_key_jwt","none"],"token_endpoint":"https://op.example/token",
        "pushed_authorization_request_endpoint":"https://op.example/request",
        "revocation_endpoint":"https://op.example/token/revocation","userinfo_endpoint":"https://op.example/me",
        "claim_types_supported":["normal"]})",
     client_authentication::basic,
     pkce_method::s256,
     true,
     {"openid", "profile", "email", "offline_access"},
     true,
     "https://op.example/token/revocation"},
    {"Keycloak",
     "https://sso.example/realms/one",
     R"({"issuer":"https://sso.example/realms/one",
        "authorization_endpoint":"https://sso.example/realms/one/protocol/openid-connect/auth",
        "token_endpoint":"https://sso.example/realms/one/protocol/openid-connect/token",
        "userinfo_endpoint":"https://sso.example/realms/one/protocol/openid-connect/userinfo",
        "revocation_endpoint":"https://sso.example/realms/one/protocol/openid-connect/revoke",
        "grant_types_supported":["authorization_code","client_credentials","implicit","password","refresh_token"],
        "response_types_supported":["code","none","id_token","token","id_token token"],
        "prompt_values_supported":["none","login","consent"],
        "token_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic","client_secret_post",
        "tls_client_auth","client_secret_jwt"],
        "revocation_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic","client_secret_post",
        "tls_client_auth","client_secret_jwt"],
        "scopes_supported":["openid","roles","offline_access","email","microprofile-jwt","web-origins","acr",
        "phone","profile","address"],"code_challenge_methods_supported":["plain","S256"],
        "require_pushed_authorization_requests":false,"tls_client_certificate_bound_access_tokens":true,
        "mtls_endpoint_aliases":{"token_endpoint":"https://mtls.example/token"},
        "authorization_response_iss_parameter_supported":true})",
     client_authentication::basic,
     pkce_method::s256,
     true,
     {"openid", "profile", "email", "offline_access"},
     true,
     "https://sso.example/realms/one/protocol/openid-connect/revoke"},
    {"Authelia",
     "https://auth.example",
     R"({"issuer":"https://auth.example",
        "authorization_endpoint":"https://auth.example/api/oidc/authorization",
        "token_endpoint":"https://auth.example/api/oidc/token",
        "userinfo_endpoint":"https://auth.example/api/oidc/userinfo",
        "revocation_endpoint":"https://auth.example/api/oidc/revocation",
        "pushed_authorization_request_endpoint":"https://auth.example/api/oidc/pushed-authorization-request",
        "scopes_supported":["offline_access","openid","profile","groups","email"],
        "response_types_supported":["code","id_token","token"],"response_modes_supported":["form_post","query"],
        "grant_types_supported":["authorization_code","implicit","client_credentials","refresh_token"],
        "token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","client_secret_jwt",
        "private_key_jwt","none"],"revocation_endpoint_auth_methods_supported":["client_secret_basic",
        "client_secret_post","client_secret_jwt","private_key_jwt","none"],
        "require_pushed_authorization_requests":false,"code_challenge_methods_supported":["S256"],
        "authorization_response_iss_parameter_supported":true})",
     client_authentication::basic,
     pkce_method::s256,
     true,
     {"openid", "profile", "email", "offline_access"},
     true,
     "https://auth.example/api/oidc/revocation"},
    {"Google",
     "https://accounts.google.com",
     R"({"issuer":"https://accounts.google.com",
        "authorization_endpoint":"https://accounts.google.com/o/oauth2/v2/auth",
        "token_endpoint":"https://oauth2.googleapis.com/token",
        "userinfo_endpoint":"https://openidconnect.googleapis.com/v1/userinfo",
        "revocation_endpoint":"https://oauth2.googleapis.com/revoke",
        "response_types_supported":["code","token","none"],"scopes_supported":["openid","email","profile"],
        "token_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic"],
        "code_challenge_methods_supported":["plain","S256"]})",
     client_authentication::basic,
     pkce_method::s256,
     false,
     {"openid", "profile", "email"},
     false,
     "https://oauth2.googleapis.com/revoke"},
    {"Mastodon",
     "https://mastodon.example/",
     R"({"issuer":"https://mastodon.example/",
        "authorization_endpoint":"https://mastodon.example/oauth/authorize",
        "token_endpoint":"https://mastodon.example/oauth/token",
        "revocation_endpoint":"https://mastodon.example/oauth/revoke",
        "userinfo_endpoint":"https://mastodon.example/oauth/userinfo",
        "scopes_supported":["read","profile","write","write:statuses","follow"],
        "response_types_supported":["code"],"response_modes_supported":["query","fragment","form_post"],
        "grant_types_supported":["authorization_code","client_credentials"],
        "token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],
        "code_challenge_methods_supported":["S256"],"app_registration_endpoint":"https://mastodon.example/api/v1/apps"})",
     client_authentication::basic,
     pkce_method::s256,
     false,
     {"profile"},
     false,
     "https://mastodon.example/oauth/revoke"},
};

outcome<descriptor> applied(std::string body, descriptor const& platform = found_by_issuer(),
                            std::string_view at = usual_issuer) {
    return apply_metadata(platform, at, reply(200, std::move(body)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_metadata_test)

BOOST_AUTO_TEST_CASE(metadata_becomes_a_platform) {
    auto const found = applied(std::string(usual_metadata));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->name == "any");
    BOOST_TEST(found->issuer == usual_issuer);
    BOOST_TEST(found->endpoints.authorize_url == "https://id.example/tenant/auth");
    BOOST_TEST(found->endpoints.token_url == "https://id.example/tenant/token");
    BOOST_TEST(found->endpoints.identity_url == "https://id.example/tenant/me");
    BOOST_TEST(found->endpoints.revoke_url == "https://id.example/tenant/revoke");
    BOOST_TEST((found->client.authentication == client_authentication::basic));
    BOOST_TEST((found->client.encoding == basic_encoding::form));
    BOOST_TEST(found->client.secret_required);
    BOOST_TEST((found->pkce == pkce_method::s256));
    BOOST_TEST(found->authorize.issuer == usual_issuer);
    BOOST_TEST(found->authorize.issuer_required);
    BOOST_TEST(found->scopes.defaults == (words{"openid", "profile", "email", "offline_access"}),
               boost::test_tools::per_element());
    BOOST_TEST((found->authorize.extra == parameters{{"prompt", "consent"}}));
    BOOST_TEST(!found->revoke.authentication.has_value());
}

BOOST_DATA_TEST_CASE(metadata_that_does_not_fit_is_refused_by_the_member, refusals, one) {
    auto const found = applied(metadata_with(one.member, one.value));
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error().what == verdict::operator_fault);
    BOOST_TEST(found.error().code == errc::metadata_refused);
    BOOST_TEST(found.error().platform_error == one.member);
}

BOOST_AUTO_TEST_CASE(what_may_be_absent_may_be_absent) {
    auto const found =
        applied(R"({"issuer":"https://id.example/tenant","authorization_endpoint":"https://id.example/a",
        "token_endpoint":"https://id.example/t","userinfo_endpoint":"https://id.example/u",
        "service_documentation":{"any":["thing"]},"x":null})");
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->endpoints.revoke_url == "");
    BOOST_TEST((found->client.authentication == client_authentication::basic));
    BOOST_TEST((found->pkce == pkce_method::none)); // RFC 8414 section 2
    BOOST_TEST(found->authorize.issuer == usual_issuer);
    BOOST_TEST(!found->authorize.issuer_required);
    BOOST_TEST(found->scopes.defaults == (words{"openid", "profile", "email"}),
               boost::test_tools::per_element());
    BOOST_TEST(found->authorize.extra.empty());
}

BOOST_AUTO_TEST_CASE(the_client_authenticates_as_the_server_likes) {
    auto const chosen = [](std::string_view methods) {
        auto const found = applied(metadata_with("token_endpoint_auth_methods_supported", methods)).value();
        return std::pair{found.client.authentication, found.client.secret_required};
    };
    using enum client_authentication;
    BOOST_TEST((chosen(R"(["client_secret_post"])") == std::pair{body, true}));
    BOOST_TEST((chosen(R"(["private_key_jwt","client_secret_post","client_secret_basic"])") ==
                std::pair{basic, true}));
    BOOST_TEST((chosen(R"(["none","client_secret_post"])") == std::pair{body, false}));
    BOOST_TEST((chosen(R"(["none"])") == std::pair{none, false}));
    BOOST_TEST((chosen(R"([7,null,"client_secret_post"])") == std::pair{body, true}));
    BOOST_TEST((chosen("\"client_secret_post\"") == std::pair{basic, true})); // no list: as if absent
}

BOOST_AUTO_TEST_CASE(the_revocation_endpoint_may_want_another_way) {
    auto const found =
        applied(metadata_with("revocation_endpoint_auth_methods_supported", R"(["client_secret_post"])"));
    BOOST_TEST((found.value().revoke.authentication == client_authentication::body));
    auto const unspoken =
        applied(metadata_with("revocation_endpoint_auth_methods_supported", R"(["private_key_jwt"])"));
    BOOST_TEST(unspoken.value().endpoints.revoke_url == "");
}

BOOST_AUTO_TEST_CASE(only_scopes_that_the_server_knows_are_asked_for) {
    auto const scopes = [](std::string_view supported) {
        return applied(metadata_with("scopes_supported", supported)).value().scopes.defaults;
    };
    BOOST_TEST(scopes(R"(["openid","profile"])") == (words{"openid", "profile"}),
               boost::test_tools::per_element());
    BOOST_TEST(scopes(R"(["read","profile","write"])") == (words{"profile"}),
               boost::test_tools::per_element());
    // A list without any of them keeps them to itself; the offline scope is asked for when listed only.
    BOOST_TEST(scopes(R"(["api"])") == (words{"openid", "profile", "email"}),
               boost::test_tools::per_element());
    BOOST_TEST(scopes(R"(["offline_access"])") == (words{"offline_access"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(consent_is_asked_for_with_the_offline_scope_where_it_can_be) {
    auto const parameters_of = [](std::string body, descriptor const& platform = found_by_issuer()) {
        return applied(std::move(body), platform).value().authorize.extra;
    };
    BOOST_TEST(parameters_of(metadata_with("prompt_values_supported", R"(["none","login"])")).empty());
    BOOST_TEST((parameters_of(metadata_with("prompt_values_supported", R"(["consent"])")) ==
                parameters{{"prompt", "consent"}}));
    auto own = found_by_issuer();
    own.authorize.extra = {{"prompt", "login"}};
    BOOST_TEST((parameters_of(std::string(usual_metadata), own) == parameters{{"prompt", "login"}}));
}

BOOST_AUTO_TEST_CASE(what_the_file_says_itself_stays) {
    auto own = found_by_issuer();
    own.endpoints.token_url = "https://proxy.example/token";
    own.endpoints.identity_url = "https://id.example/graph/me";
    own.client.authentication = client_authentication::body;
    own.own_authentication = true;
    own.pkce = pkce_method::none;
    own.own_pkce = true;
    own.scopes.defaults = {"openid", "calendar"};
    auto const found = applied(metadata_with("userinfo_endpoint", ""), own);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->endpoints.token_url == "https://proxy.example/token");
    BOOST_TEST(found->endpoints.identity_url == "https://id.example/graph/me");
    BOOST_TEST(found->endpoints.authorize_url == "https://id.example/tenant/auth");
    BOOST_TEST((found->client.authentication == client_authentication::body));
    BOOST_TEST((found->pkce == pkce_method::none));
    BOOST_TEST(applied(metadata_with("token_endpoint_auth_methods_supported", R"(["private_key_jwt"])"), own)
                   .has_value());
}

BOOST_AUTO_TEST_CASE(an_issuer_on_this_machine_may_have_plain_endpoints) {
    constexpr auto local = R"({"issuer":"http://localhost:8080","userinfo_endpoint":"http://[::1]:8080/u",
        "authorization_endpoint":"http://localhost:8080/a","token_endpoint":"http://127.0.0.1:8080/t"})";
    BOOST_TEST(applied(local, found_by_issuer(), "http://localhost:8080").has_value());
    std::string away = local;
    away.replace(away.find("127.0.0.1"), 9, "10.0.0.10");
    BOOST_TEST(applied(away, found_by_issuer(), "http://localhost:8080").error().platform_error ==
               "token_endpoint");
}

BOOST_AUTO_TEST_CASE(long_urls_and_damaged_documents_are_refused) {
    BOOST_TEST(
        applied(metadata_with("token_endpoint", "\"https://id.example/" + std::string(3000, 'x') + "\""))
            .error()
            .platform_error == "token_endpoint");
    for (std::string const body : {"", "<html>", "[]", "\"x\"", "{\"issuer\":", "{} {}"}) {
        auto const found = applied(body);
        BOOST_TEST_REQUIRE(!found.has_value());
        BOOST_TEST(found.error().code == errc::metadata_refused);
        BOOST_TEST(found.error().platform_error == "");
    }
    BOOST_TEST(applied(std::string(100, '[')).error().code == errc::metadata_refused);
}

BOOST_DATA_TEST_CASE(servers_of_every_make_are_understood, known_servers, one) {
    auto const found = applied(one.metadata, found_by_issuer(), one.issuer);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->client.authentication == one.authentication));
    BOOST_TEST((found->pkce == one.pkce));
    BOOST_TEST(found->authorize.issuer == one.issuer);
    BOOST_TEST(found->authorize.issuer_required == one.issuer_required);
    BOOST_TEST(found->scopes.defaults == one.scopes, boost::test_tools::per_element());
    BOOST_TEST(found->authorize.extra.empty() == !one.consent);
    BOOST_TEST(found->endpoints.revoke_url == one.revoke_url);
    BOOST_TEST(!found->revoke.authentication.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

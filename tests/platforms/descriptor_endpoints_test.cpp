// The sections of a platform file about where its servers are: one, any that a user names, any that describes
// itself.
#include "tests/platforms/descriptor_mistake.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::tests::mistake;
using connectd::tests::parsed;

using words = std::vector<std::string>;

constexpr auto host_only = "is used only where \"instances\" is \"host\"";
constexpr auto issuer_sentence =
    "must be an https URL without query and fragment, as the server's metadata says "
    "it; plain http is accepted for this machine only";

mistake const mistakes[] = {
    {"/instances", "\"many\"", "/instances", "must be one of \"single\", \"host\" and \"issuer\""},
    {"/endpoints/token_url", "\"{instance}/token\"", "/endpoints/token_url",
     "may begin with {instance} only where \"instances\" is \"host\""},
    {"/endpoints/api_base", "\"{instance}\"", "/endpoints/api_base",
     "may begin with {instance} only where \"instances\" is \"host\""},
    {"/endpoints/token_url", "\"{api_base}/token\"", "/endpoints/token_url",
     "must be an absolute URL such as \"https://api.example.com/token\""},
    {"/endpoints/identity_url", "\"{api_base}me\"", "/endpoints/identity_url",
     "must go on with a slash after {api_base}"},
    {"/endpoints/registration_url", "\"https://chirp.example/apps\"", "/endpoints/registration_url",
     host_only},
    {"/scopes/fallback", "[\"me\"]", "/scopes/fallback", host_only},
    {"/discovery", "{\"issuer\":\"https://id.example\"}", "/discovery",
     "is used only where \"instances\" is \"issuer\""},
};

// As above, at a platform of many servers.
constexpr std::string_view many_servers = R"({
  "name": "flock",
  "instances": "host",
  "endpoints": {
    "authorize_url": "{instance}/oauth/authorize",
    "token_url": "{instance}/oauth/token",
    "revoke_url": "{instance}/oauth/revoke",
    "identity_url": "{api_base}/me",
    "registration_url": "{instance}/api/v1/apps",
    "api_base": "{instance}/api/v1"
  },
  "scopes": {"known": ["profile", "read"], "default": ["profile"], "fallback": ["read"]},
  "identity": {"id": "/id"}
})";

mistake const mistakes_of_many[] = {
    {"/endpoints/authorize_url", "\"https://flock.example/authorize\"", "/endpoints/authorize_url",
     "must begin with {instance}, the server that the user names"},
    {"/endpoints/token_url", "\"{instance}.evil.example/token\"", "/endpoints/token_url",
     "must go on with a slash after {instance}"},
    {"/endpoints/token_url", "\"{instance}@evil.example/token\"", "/endpoints/token_url",
     "must go on with a slash after {instance}"},
    {"/endpoints/token_url", "\"{instance}/token#x\"", "/endpoints/token_url", "must not have a fragment"},
    {"/endpoints/registration_url", "", "/endpoints/registration_url",
     "is required where \"instances\" is \"host\": a server knows its own applications only"},
    {"/endpoints/token_url", "", "/endpoints/token_url", "is required for an oauth2 platform"},
    {"/scopes/fallback", "[\"admin\"]", "/scopes/fallback/0", "is not among the known scopes"},
};

constexpr std::string_view any_server = R"({"name": "corp", "instances": "issuer",
    "discovery": {"issuer": "https://id.example/tenant"}})";

mistake const mistakes_of_any[] = {
    {"/discovery/issuer", "\"http://id.example\"", "/discovery/issuer", issuer_sentence},
    {"/discovery/issuer", "\"https://id.example?x=1\"", "/discovery/issuer", issuer_sentence},
    {"/discovery/issuer", "\"id.example\"", "/discovery/issuer", issuer_sentence},
    {"/discovery/issuer", "7", "/discovery/issuer", "must be a string"},
    {"/discovery", "\"https://id.example\"", "/discovery", "must be an object"},
    {"/discovery/isuer", "\"https://id.example\"", "/discovery/isuer", "is not a member that connectd knows"},
    {"/client", "[]", "/client", "must be an object"},
    {"/endpoints", "{\"token_url\":\"{instance}/t\"}", "/endpoints/token_url",
     "may begin with {instance} only where \"instances\" is \"host\""},
    {"/scopes", "{\"fallback\":[\"openid\"]}", "/scopes/fallback", host_only},
};

} // namespace

BOOST_AUTO_TEST_SUITE(descriptor_endpoints_test)

BOOST_DATA_TEST_CASE(each_mistake_gets_its_own_sentence_and_place, mistakes, m) {
    connectd::tests::check_mistake(m);
}

BOOST_DATA_TEST_CASE(so_do_those_of_a_platform_of_many_servers, mistakes_of_many, m) {
    connectd::tests::check_mistake(m, many_servers);
}

BOOST_DATA_TEST_CASE(so_do_those_of_a_platform_found_by_its_issuer, mistakes_of_any, m) {
    connectd::tests::check_mistake(m, any_server);
}

BOOST_AUTO_TEST_CASE(a_platform_of_many_servers_keeps_its_templates) {
    auto const flock = parsed(many_servers);
    BOOST_TEST((flock.instances == instance_kind::host));
    BOOST_TEST(flock.endpoints.token_url == "{instance}/oauth/token");
    BOOST_TEST(flock.endpoints.registration_url == "{instance}/api/v1/apps");
    BOOST_TEST(flock.endpoints.api_base == "{instance}/api/v1");
    BOOST_TEST(flock.scopes.fallback == (words{"read"}), boost::test_tools::per_element());
    BOOST_TEST(!flock.user_given);
}

BOOST_AUTO_TEST_CASE(an_issuer_alone_is_a_whole_file) {
    auto const corp = parsed(any_server);
    BOOST_TEST((corp.instances == instance_kind::issuer));
    BOOST_TEST(corp.issuer == "https://id.example/tenant");
    BOOST_TEST(corp.endpoints.token_url == "");
    BOOST_TEST(corp.identity.id == (words{"/sub"}), boost::test_tools::per_element());
    BOOST_TEST(corp.identity.username == (words{"/preferred_username", "/nickname", "/email"}),
               boost::test_tools::per_element());
    BOOST_TEST(corp.identity.display_name == (words{"/name"}), boost::test_tools::per_element());
    BOOST_TEST(corp.identity.avatar_url == (words{"/picture"}), boost::test_tools::per_element());
    BOOST_TEST(corp.scopes.defaults == (words{"openid", "profile", "email", "offline_access"}),
               boost::test_tools::per_element());
    BOOST_TEST((corp.refresh.model == refresh_model::rotating));
    BOOST_TEST(!corp.own_authentication);
    BOOST_TEST(!corp.own_pkce);
}

BOOST_AUTO_TEST_CASE(what_a_file_says_goes_over_what_an_issuer_usually_means) {
    auto const corp = parsed(R"({"name":"corp","instances":"issuer","pkce":"none",
        "client":{"authentication":"body"},"scopes":{"known":["openid"]},"refresh":{"model":"static"},
        "endpoints":{"identity_url":"https://id.example/me"},"identity":{"id":"/oid","username":"/upn"}})");
    BOOST_TEST(corp.issuer == ""); // the app credentials bring it
    BOOST_TEST(corp.own_authentication);
    BOOST_TEST(corp.own_pkce);
    BOOST_TEST(corp.scopes.defaults.empty());
    BOOST_TEST((corp.refresh.model == refresh_model::static_token));
    BOOST_TEST(corp.identity.id == (words{"/oid"}), boost::test_tools::per_element());
    BOOST_TEST(corp.identity.username == (words{"/upn"}), boost::test_tools::per_element());
    BOOST_TEST(corp.identity.avatar_url == (words{"/picture"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_app_password_platform_is_one_server) {
    auto const read = parse_descriptor(R"({"name":"sky","connect":"app_password","instances":"issuer",
        "quirks":["bluesky"],"endpoints":{"entryway_url":"https://s.example","plc_url":"https://p.example",
        "resolve_handle_url":"https://s.example/r","profile_url":"https://s.example/p"}})",
                                       "sky.json");
    BOOST_TEST_REQUIRE(read.problems.size() == 1u);
    BOOST_TEST(to_string(read.problems[0]) ==
               "sky.json at /instances: must be \"single\" for an app_password platform");
}

BOOST_AUTO_TEST_CASE(overrides_may_be_templates_where_the_platform_is_many_servers) {
    auto flock = parsed(many_servers);
    BOOST_TEST(override_endpoint(flock, "token_url", "{instance}:8443/token") ==
               "must go on with a slash after {instance}");
    BOOST_TEST(override_endpoint(flock, "token_url", "{instance}/other/token") == "");
    BOOST_TEST(override_endpoint(flock, "registration_url", "http://127.0.0.1:9/apps") == "");
    BOOST_TEST(flock.endpoints.token_url == "{instance}/other/token");
    BOOST_TEST(flock.endpoints.registration_url == "http://127.0.0.1:9/apps");
    auto one = parsed(connectd::tests::made_up_platform);
    BOOST_TEST(override_endpoint(one, "token_url", "{instance}/token") ==
               "may begin with {instance} only where \"instances\" is \"host\"");
    BOOST_TEST(override_endpoint(one, "identity_url", "{api_base}/self") == "");
}

BOOST_AUTO_TEST_SUITE_END()

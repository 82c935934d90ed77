// Platform files: what a whole one becomes, and every sentence an operator can get about a wrong one.
#include "platforms/descriptor_parse.hpp"
#include "tests/platforms/descriptor_mistake.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace connectd::platforms;
using connectd::tests::changed;
using connectd::tests::mistake;
using namespace std::chrono_literals;

constexpr auto https_sentence = "must be an https URL; plain http is accepted for this machine only";
constexpr auto url_sentence = "must be an absolute URL such as \"https://api.example.com/token\"";
constexpr auto name_sentence =
    "must be a name: a lower-case letter, then at most 31 lower-case letters, digits, - or _";
constexpr auto seconds_sentence = "must be a whole number of seconds, at most ten years";
constexpr auto code_sentence = "must be lower-case words joined by dots, such as \"chirp.pages.none\"";
constexpr auto pointer_sentence = "must be a JSON pointer such as \"/data/id\", or a list of them";
constexpr auto origin_path_sentence = "must be paths such as \"/upload/v3\", without a slash at the end";

mistake const mistakes[] = {
    // names
    {"/name", "", "/name", "is required"},
    {"/name", "\"Chirp\"", "/name", name_sentence},
    {"/name", "\"1chirp\"", "/name", name_sentence},
    {"/name", "\"a23456789012345678901234567890123\"", "/name", name_sentence},
    {"/name", "7", "/name", "must be a string"},
    {"/title", "[]", "/title", "must be a string"},
    {"/aliases", "\"chirper\"", "/aliases", "must be a list of strings"},
    {"/aliases", "[\"a b\"]", "/aliases/0", name_sentence},
    {"/aliases", "[\"chirp\"]", "/aliases/0", "is the platform's name already"},
    {"/aliases", "[\"a\",\"a\"]", "/aliases/1", "is in the list already"},
    {"/aliases", "[\"\"]", "/aliases/0", "must be a string that is not empty"},
    {"/quirks", "[\"magic\"]", "/quirks/0",
     "is not a quirk of this version: must be one of \"bluesky\", \"facebook_pages\" and "
     "\"linkedin_organizations\""},
    {"/app_platform", "\"Fac e\"", "/app_platform", name_sentence},
    {"/app_platform", "\"chirp\"", "/app_platform", "is the platform itself"},
    {"/connect", "\"saml\"", "/connect", "must be one of \"oauth2\" and \"app_password\""},
    {"/connect", "\"app_password\"", "/quirks",
     "must name \"bluesky\", the one app-password login of this version"},
    {"/pkce", "\"plain\"", "/pkce", "must be one of \"none\", \"S256\" and \"S256-hex\""},
    {"/nam~1e", "1", "/nam~01e", "is not a member that connectd knows"},
    // endpoints
    {"/endpoints/authorize_url", "", "/endpoints/authorize_url", "is required for an oauth2 platform"},
    {"/endpoints/token_url", "", "/endpoints/token_url", "is required for an oauth2 platform"},
    {"/endpoints/identity_url", "", "/endpoints/identity_url",
     "is required for an oauth2 platform: it tells whose account it is"},
    {"/endpoints/token_url", "\"api.chirp.example/token\"", "/endpoints/token_url", url_sentence},
    {"/endpoints/token_url", "\"https://\"", "/endpoints/token_url", url_sentence},
    {"/endpoints/token_url", "\"https://a.example/with space\"", "/endpoints/token_url", url_sentence},
    {"/endpoints/token_url", "\"http://api.chirp.example/token\"", "/endpoints/token_url", https_sentence},
    {"/endpoints/token_url", "\"ftp://api.chirp.example/token\"", "/endpoints/token_url",
     "must be an https URL"},
    {"/endpoints/token_url", "\"https://u:p@api.chirp.example/\"", "/endpoints/token_url",
     "must not carry a user name or password"},
    {"/endpoints/token_url", "\"https://api.chirp.example/#x\"", "/endpoints/token_url",
     "must not have a fragment"},
    {"/endpoints/tokenurl", "\"https://a.example\"", "/endpoints/tokenurl",
     "is not a member that connectd knows"},
    {"/endpoints/plc_url", "\"https://a.example\"", "/endpoints/plc_url",
     "is used by the quirk \"bluesky\" only"},
    {"/client", "[]", "/client", "must be an object"},
    // client, scopes, authorize
    {"/client/authentication", "\"private_key_jwt\"", "/client/authentication",
     "must be one of \"basic\", \"body\" and \"none\""},
    {"/client/authentication", "\"omitted\"", "/client/authentication",
     "must be one of \"basic\", \"body\" and \"none\""},
    {"/client/basic_encoding", "true", "/client/basic_encoding", "must be one of \"raw\" and \"form\""},
    {"/client/secret_required", "\"no\"", "/client/secret_required", "must be true or false"},
    {"/client/id_parameter", "\"\"", "/client/id_parameter", "must not be empty"},
    {"/client/secret_parameter", "\"\"", "/client/secret_parameter", "must not be empty"},
    {"/scopes/parameter", "\"\"", "/scopes/parameter", "must not be empty"},
    {"/scopes/separator", "\"\"", "/scopes/separator", "must not be empty"},
    {"/scopes/default", "[\"me,post\"]", "/scopes/default/0",
     "contains the separator: write one scope per entry"},
    {"/scopes/required", "[\"admin\"]", "/scopes/required/0", "is not among the known scopes"},
    {"/authorize/parameters", "{\"a\":1}", "/authorize/parameters/a", "must be a string"},
    {"/authorize/parameters", "[]", "/authorize/parameters", "must be an object of strings"},
    {"/authorize/parameters", "{\"app_key\":\"x\"}", "/authorize/parameters/app_key",
     "is a parameter that connectd sends itself"},
    {"/authorize/parameters", "{\"permissions\":\"x\"}", "/authorize/parameters/permissions",
     "is a parameter that connectd sends itself"},
    {"/authorize/issuer_required", "\"no\"", "/authorize/issuer_required", "must be true or false"},
    {"/authorize/code_lifetime", "0", "/authorize/code_lifetime", "must be at least one second"},
    {"/authorize/code_lifetime", "-1", "/authorize/code_lifetime", seconds_sentence},
    {"/authorize/code_lifetime", "1.5", "/authorize/code_lifetime", seconds_sentence},
    {"/authorize/code_lifetime", "\"30\"", "/authorize/code_lifetime", seconds_sentence},
    {"/authorize/code_lifetime", "31622400001", "/authorize/code_lifetime", seconds_sentence},
    // token
    {"/token/parameters", "{\"code\":\"x\"}", "/token/parameters/code",
     "is a parameter that connectd sends itself"},
    {"/token/headers", "{\"X Y\":\"z\"}", "/token/headers/X Y", "is not the name of an HTTP header"},
    {"/token/headers", "{\"AUTHORIZATION\":\"z\"}", "/token/headers/AUTHORIZATION",
     "is a header that connectd writes itself"},
    {"/token/headers", "{\"X\":\"a\\r\\nY: b\"}", "/token/headers/X", "must be printable ASCII"},
    {"/token/reply/access_token", "\"data.key\"", "/token/reply/access_token", pointer_sentence},
    {"/token/reply/access_token", "\"/a~2\"", "/token/reply/access_token", pointer_sentence},
    {"/token/reply/access_token", "\"/a~\"", "/token/reply/access_token", pointer_sentence},
    {"/token/reply/access_token", "5", "/token/reply/access_token", pointer_sentence},
    {"/token/reply/access_token", "[\"/ok\",\"bad\"]", "/token/reply/access_token/1",
     "must be a JSON pointer such as \"/data/id\""},
    {"/token/reply/access_token", "[]", "/token/reply/access_token", "must name at least one pointer"},
    {"/token/reply/extras", "{\"a\":\"b\"}", "/token/reply/extras/a", pointer_sentence},
    // refresh and revoke
    {"/refresh/model", "\"sometimes\"", "/refresh/model",
     "must be one of \"rotating\", \"static\", \"extend\", \"relogin\" and \"none\""},
    {"/refresh/method", "\"DELETE\"", "/refresh/method", "must be \"GET\" or \"POST\""},
    {"/refresh/method", "\"post\"", "/refresh/method", "must be one of \"GET\", \"POST\" and \"DELETE\""},
    {"/refresh/token_parameter", "\"\"", "/refresh/token_parameter", "must not be empty"},
    {"/refresh/parameters", "{\"renewal\":\"x\"}", "/refresh/parameters/renewal",
     "is a parameter that connectd sends itself"},
    {"/refresh/lead_time", "86400", "/refresh/lead_time",
     "must be shorter than access_lifetime, or the token is refreshed all the time"},
    {"/refresh/minimum_age", "86400", "/refresh/minimum_age",
     "must be shorter than access_lifetime, or the token ends before its refresh"},
    {"/refresh/authentication", "\"nobody\"", "/refresh/authentication",
     "must be one of \"basic\", \"body\", \"none\" and \"omitted\""},
    {"/refresh/grace", "null", "/refresh/grace", seconds_sentence},
    {"/revoke/tokens", "[\"id\"]", "/revoke/tokens/0", "must be one of \"access\" and \"refresh\""},
    {"/revoke/bearer", "1", "/revoke/bearer", "must be true or false"},
    // identity
    {"/identity/id", "", "/identity/id", "is required for an oauth2 platform: it tells whose account it is"},
    {"/identity/id", "\"id\"", "/identity/id", pointer_sentence},
    {"/identity/headers", "{\"Host\":\"x\"}", "/identity/headers/Host",
     "is a header that connectd writes itself"},
    // nothing to connect
    {"/nothing_to_connect", "\"chirp.none\"", "/nothing_to_connect", "must be an object"},
    {"/nothing_to_connect", "{\"code\":\"Chirp none\"}", "/nothing_to_connect/code", code_sentence},
    {"/nothing_to_connect", "{\"code\":\"chirp..none\"}", "/nothing_to_connect/code", code_sentence},
    {"/nothing_to_connect", "{\"code\":\"chirp.\"}", "/nothing_to_connect/code", code_sentence},
    {"/nothing_to_connect", "{\"sentence\":\"x\"}", "/nothing_to_connect/sentence",
     "is not a member that connectd knows"},
    // errors and proxy
    {"/errors/rules", "{}", "/errors/rules", "must be a list of rules"},
    {"/errors/rules", "[1]", "/errors/rules/0", "must be an object"},
    {"/errors/rules", "[{\"status\":400}]", "/errors/rules/0/verdict",
     "is required: what the answer means for the account"},
    {"/errors/rules", "[{\"status\":400,\"verdict\":\"dead\"}]", "/errors/rules/0/verdict",
     "must be one of \"refused\", \"operator_fault\" and \"temporary\""},
    {"/errors/rules", "[{\"verdict\":\"refused\"}]", "/errors/rules/0/status",
     "or code, subcode or message_contains must say what the rule matches"},
    {"/errors/rules", "[{\"status\":[400,\"6xx\"],\"verdict\":\"refused\"}]", "/errors/rules/0/status",
     "must be a status such as 401, a class such as \"5xx\", or a list of them"},
    {"/errors/rules", "[{\"status\":400,\"verdict\":\"refused\",\"meaning\":\"timed_out\"}]",
     "/errors/rules/0/meaning",
     "must be one of \"grant_refused\", \"access_denied\", \"credentials_refused\", "
     "\"second_factor_required\", "
     "\"account_suspended\", \"identifier_not_found\", \"client_refused\", \"request_refused\", "
     "\"rate_limited\", \"platform_unavailable\", \"scope_missing\" and \"nothing_to_connect\""},
    {"/errors/transient", "true", "/errors/transient", pointer_sentence},
    {"/errors/rules", "[{\"status\":400,\"verdict\":\"refused\",\"calls\":[\"login\"]}]",
     "/errors/rules/0/calls/0",
     "must be one of \"exchange\", \"refresh\", \"revoke\", \"identity\", \"api\" and \"registration\""},
    {"/errors/rules", "[{\"status\":400,\"verdict\":\"refused\",\"when\":\"now\"}]", "/errors/rules/0/when",
     "is not a member that connectd knows"},
    {"/proxy/dead_token", "\"401\"", "/proxy/dead_token", "must be a list of rules"},
    {"/proxy/living_token", "[{}]", "/proxy/living_token/0/status",
     "or code, subcode or message_contains must say what the rule matches"},
    {"/proxy/rate_limit_headers", "[1]", "/proxy/rate_limit_headers/0", "must be a string that is not empty"},
    {"/proxy/origin_paths", "[\"/upload/\"]", "/proxy/origin_paths", origin_path_sentence},
    {"/proxy/origin_paths", "[\"upload\"]", "/proxy/origin_paths", origin_path_sentence},
    {"/proxy/origin_paths", "[\"/up/../load\"]", "/proxy/origin_paths", origin_path_sentence},
};

} // namespace

BOOST_AUTO_TEST_SUITE(descriptor_parse_test)

BOOST_AUTO_TEST_CASE(every_member_of_a_file_arrives) {
    auto const read = connectd::tests::parsed(connectd::tests::made_up_platform);
    BOOST_TEST(read.name == "chirp");
    BOOST_TEST(read.title == "Chirp");
    BOOST_TEST(read.aliases == std::vector<std::string>{"chirper"}, boost::test_tools::per_element());
    BOOST_TEST((read.connect == connect_kind::oauth2));
    BOOST_TEST(read.endpoints.refresh_url == "https://api.chirp.example/renew");
    BOOST_TEST(read.client.id_parameter == "app_key");
    BOOST_TEST((read.client.authentication == client_authentication::body));
    BOOST_TEST(read.authorize.issuer == "https://chirp.example");
    BOOST_TEST((read.authorize.extra == parameters{{"prompt", "always"}, {"lang", "en us"}}));
    BOOST_TEST((read.authorize.code_lifetime == 45s));
    BOOST_TEST((read.pkce == pkce_method::s256_hex));
    BOOST_TEST(read.scopes.separator == ",");
    BOOST_TEST(read.token.reply.extras.at("open_id").front() == "/data/open_id");
    BOOST_TEST(!read.authorize.issuer_required);
    BOOST_TEST((read.refresh.model == refresh_model::static_token));
    BOOST_TEST((read.refresh.refresh_lifetime == 60 * 86400s));
    BOOST_TEST((read.revoke.tokens == std::vector{token_kind::access}));
    BOOST_TEST(read.identity.display_name.size() == 2u);
    BOOST_TEST(read.errors.transient.front() == "/error/passes");
    BOOST_TEST(read.errors.rules.size() == 3u);
    BOOST_TEST((read.errors.rules[0].meaning == errc::grant_refused));
    BOOST_TEST((read.errors.rules[2].match.statuses.front() == std::pair{400u, 499u}));
    BOOST_TEST(read.proxy.living_token.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_platform_can_name_the_failure_of_having_nothing) {
    auto const read = connectd::tests::parsed(changed(
        "/nothing_to_connect", R"({"code":"chirp.flocks.none","help":"Tick a flock in Chirp's window."})"));
    BOOST_TEST(read.nothing.code == "chirp.flocks.none");
    BOOST_TEST(read.nothing.help == "Tick a flock in Chirp's window.");
}

BOOST_AUTO_TEST_CASE(a_revocation_can_want_the_grants_token_or_a_living_one) {
    auto const plain = connectd::tests::parsed(changed("/revoke", R"({"bearer":true})"));
    BOOST_TEST(!plain.revoke.grant_token);
    BOOST_TEST(!plain.revoke.refresh_first);
    auto const read =
        connectd::tests::parsed(changed("/revoke", R"({"grant_token":true,"refresh_first":true})"));
    BOOST_TEST(read.revoke.grant_token);
    BOOST_TEST(read.revoke.refresh_first);
}

BOOST_AUTO_TEST_CASE(a_short_file_takes_the_usual_defaults) {
    auto const read = connectd::tests::parsed(R"({"name":"plain","endpoints":{
        "authorize_url":"https://p.example/authorize","token_url":"https://p.example/token",
        "identity_url":"http://localhost:8080/me"},"identity":{"id":"/sub"}})");
    BOOST_TEST(read.title == "plain");
    BOOST_TEST((read.client.authentication == client_authentication::body));
    BOOST_TEST((read.pkce == pkce_method::s256));
    BOOST_TEST((read.refresh.model == refresh_model::none));
    BOOST_TEST(read.authorize.issuer_required);
    BOOST_TEST(read.app_platform == "");
    BOOST_TEST(read.endpoints.long_lived_url == "");
    BOOST_TEST(read.long_lived.token_parameter == "access_token");
    BOOST_TEST(read.long_lived.send_client_id);
    BOOST_TEST(read.endpoints.candidates_url == "");
    BOOST_TEST(read.token.reply.access_token.front() == "/access_token");
    BOOST_TEST(read.errors.code.front() == "/error");
    BOOST_TEST(read.authorize.denied_errors.front() == "access_denied");
}

BOOST_DATA_TEST_CASE(each_mistake_gets_its_own_sentence_and_place, mistakes, m) {
    connectd::tests::check_mistake(m);
}

BOOST_AUTO_TEST_CASE(all_problems_are_reported_at_once) {
    auto const read = parse_descriptor(
        R"({"name":"X!","pkce":"plain","token":{"reply":{"acess_token":"/a"}},"endpoints":{"token_url":"nowhere"}})",
        "x.json");
    std::vector<std::string> places;
    for (auto const& found : read.problems) {
        places.push_back(found.pointer);
    }
    std::sort(places.begin(), places.end());
    std::vector<std::string> const expected = {"/endpoints/authorize_url",
                                               "/endpoints/identity_url",
                                               "/endpoints/token_url",
                                               "/identity/id",
                                               "/name",
                                               "/pkce",
                                               "/token/reply/acess_token"};
    BOOST_TEST(places == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bad_json_is_reported_with_line_and_column) {
    auto const broken = parse_descriptor("{\n  \"name\": \"x\",\n  title\n}", "x.json");
    BOOST_TEST_REQUIRE(broken.problems.size() == 1u);
    BOOST_TEST(to_string(broken.problems[0]).starts_with("x.json: not valid JSON at line 3, column 3: "));
    BOOST_TEST(parse_descriptor("", "x.json")
                   .problems.at(0)
                   .sentence.starts_with("not valid JSON at line 1, column 1"));
    BOOST_TEST(parse_descriptor("{} {}", "x.json")
                   .problems.at(0)
                   .sentence.starts_with("not valid JSON at line 1, column 4"));
    BOOST_TEST(to_string(parse_descriptor("[]", "x.json").problems.at(0)) == "x.json: must be an object");
    BOOST_TEST(parse_descriptor(std::string(300 * 1024, ' '), "x.json").problems.at(0).sentence ==
               "is larger than 256 KiB");
    BOOST_TEST(parse_descriptor(std::string(90, '['), "x.json")
                   .problems.at(0)
                   .sentence.starts_with("not valid JSON"));
}

BOOST_AUTO_TEST_CASE(a_member_that_appears_twice_is_a_problem) {
    auto const read = parse_descriptor(
        R"({"name":"x","errors":{"rules":[{"status":400,"verdict":"refused"},{"status":401,"status":402,"verdict":"refused"}]},"name":"y"})",
        "x.json");
    std::vector<std::string> places;
    for (auto const& found : read.problems) {
        if (found.sentence == "appears more than once") {
            places.push_back(found.pointer);
        }
    }
    std::vector<std::string> const expected = {"/errors/rules/1/status", "/name"};
    BOOST_TEST(places == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_bluesky_quirk_needs_its_endpoints) {
    auto const read = parse_descriptor(R"({"name":"sky","connect":"oauth2","quirks":["bluesky"],
        "endpoints":{"authorize_url":"https://p.example/a","token_url":"https://p.example/t",
        "identity_url":"https://p.example/i","plc_url":"https://plc.example"},"identity":{"id":"/sub"}})",
                                       "sky.json");
    std::vector<std::string> lines;
    for (auto const& found : read.problems) {
        lines.push_back(to_string(found));
    }
    std::vector<std::string> const expected = {
        "sky.json at /endpoints/entryway_url: is required by the quirk \"bluesky\"",
        "sky.json at /endpoints/resolve_handle_url: is required by the quirk \"bluesky\"",
        "sky.json at /endpoints/profile_url: is required by the quirk \"bluesky\"",
        "sky.json at /connect: must be \"app_password\" for the quirk \"bluesky\""};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_api_base_of_the_account_needs_a_default) {
    auto const read = parse_descriptor(changed("/endpoints", R"({"authorize_url":"https://p.example/a",
        "token_url":"https://p.example/t","identity_url":"{api_base}/me"})"),
                                       "x.json");
    BOOST_TEST_REQUIRE(read.problems.size() == 1u);
    BOOST_TEST(to_string(read.problems[0]) ==
               "x.json at /endpoints/api_base: is required when identity_url begins with {api_base}");
    auto const list = parse_descriptor(changed("/endpoints", R"({"authorize_url":"https://p.example/a",
        "token_url":"https://p.example/t","identity_url":"https://p.example/me","candidates_url":"{api_base}/l"})"),
                                       "x.json");
    BOOST_TEST_REQUIRE(list.problems.size() == 1u);
    BOOST_TEST(to_string(list.problems[0]) ==
               "x.json at /endpoints/api_base: is required when candidates_url begins with {api_base}");
}

BOOST_AUTO_TEST_CASE(endpoints_are_overridden_by_name) {
    auto platform = connectd::tests::parsed(connectd::tests::made_up_platform);
    for (std::string const name : {"authorize_url", "token_url", "refresh_url", "revoke_url", "identity_url",
                                   "long_lived_url", "candidates_url", "api_base"}) {
        BOOST_TEST(override_endpoint(platform, name, "http://10.0.0.1:9/" + name) == "");
    }
    BOOST_TEST(platform.endpoints.identity_url == "http://10.0.0.1:9/identity_url");
    BOOST_TEST(override_endpoint(platform, "plc_url", "http://a.example") ==
               "is not an endpoint of this platform");
    BOOST_TEST(override_endpoint(platform, "token_url", "a.example") == url_sentence);
    BOOST_TEST(platform.endpoints.token_url == "http://10.0.0.1:9/token_url");
}

BOOST_AUTO_TEST_SUITE_END()

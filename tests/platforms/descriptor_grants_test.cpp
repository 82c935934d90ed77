// The sections of a platform file about what a grant becomes: long-lived tokens and accounts to choose from.
#include "tests/platforms/descriptor_mistake.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::tests::changed;
using connectd::tests::mistake;

constexpr auto url_sentence = "must be an absolute URL such as \"https://api.example.com/token\"";
constexpr auto pointer_sentence = "must be a JSON pointer such as \"/data/id\", or a list of them";
constexpr auto one_pointer_sentence = "must be a JSON pointer such as \"/data/id\"";
constexpr auto candidates_sentence = "is required with the endpoint candidates_url";

mistake const mistakes[] = {
    {"/long_lived/grant_type", "", "/long_lived/grant_type", "is required with the endpoint long_lived_url"},
    {"/long_lived/method", "\"DELETE\"", "/long_lived/method", "must be \"GET\" or \"POST\""},
    {"/long_lived/token_parameter", "\"\"", "/long_lived/token_parameter", "must not be empty"},
    {"/long_lived/authentication", "\"omitted\"", "/long_lived/send_client_id",
     "can be false only where the authentication is \"body\": the secret goes alone"},
    {"/long_lived/scope", "\"x\"", "/long_lived/scope", "is not a member that connectd knows"},
    {"/endpoints/long_lived_url", "\"here\"", "/endpoints/long_lived_url", url_sentence},
    {"/endpoints/candidates_url", "\"{base}/pages\"", "/endpoints/candidates_url", url_sentence},
    {"/candidates/kind", "", "/candidates/kind", candidates_sentence},
    {"/candidates/list", "", "/candidates/list", candidates_sentence},
    {"/candidates/list", "\"data\"", "/candidates/list", one_pointer_sentence},
    {"/candidates/id", "", "/candidates/id", candidates_sentence},
    {"/candidates/next", "7", "/candidates/next", pointer_sentence},
    {"/candidates/scopes", "\"post\"", "/candidates/scopes", "must be a list of strings"},
    {"/candidates/headers", "{\"Host\":\"x\"}", "/candidates/headers/Host",
     "is a header that connectd writes itself"},
    {"/candidates/required_value", "", "/candidates/required_value",
     "is required too: the two say together which entries count"},
    {"/candidates/required_pointer", "", "/candidates/required_pointer",
     "is required too: the two say together which entries count"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(descriptor_grants_test)

BOOST_AUTO_TEST_CASE(every_member_of_the_two_sections_arrives) {
    auto const read = connectd::tests::parsed(connectd::tests::made_up_platform);
    BOOST_TEST(read.endpoints.long_lived_url == "https://api.chirp.example/longer");
    BOOST_TEST((read.long_lived.method == request_method::post));
    BOOST_TEST(read.long_lived.grant_type == "lengthen");
    BOOST_TEST(read.long_lived.token_parameter == "key");
    BOOST_TEST((read.long_lived.authentication == client_authentication::body));
    BOOST_TEST(!read.long_lived.send_client_id);
    BOOST_TEST(read.endpoints.candidates_url == "{api_base}/nests");
    BOOST_TEST(read.candidates.kind == "nest");
    BOOST_TEST(read.candidates.scopes == std::vector<std::string>{"nests"}, boost::test_tools::per_element());
    BOOST_TEST((read.candidates.query == parameters{{"fields", "id,title"}}));
    BOOST_TEST((read.candidates.headers == parameters{{"Chirp-Version", "3"}}));
    BOOST_TEST(read.candidates.list == "/data/nests");
    BOOST_TEST(read.candidates.next.front() == "/data/next");
    BOOST_TEST(read.candidates.id.front() == "/id");
    BOOST_TEST(read.candidates.access_token.front() == "/key");
    BOOST_TEST(read.candidates.required_pointer == "/may");
    BOOST_TEST(read.candidates.required_value == "post");
    BOOST_TEST(read.candidates.grantor_kind == "bird");
}

BOOST_DATA_TEST_CASE(each_mistake_gets_its_own_sentence_and_place, mistakes, m) {
    connectd::tests::check_mistake(m);
}

BOOST_AUTO_TEST_CASE(quirks_about_lists_need_what_they_call) {
    auto const lines = [](std::string_view quirk) {
        auto const read =
            parse_descriptor(R"({"name":"p","quirks":[")" + std::string(quirk) + R"("],"endpoints":{
            "authorize_url":"https://p.example/a","token_url":"https://p.example/t",
            "identity_url":"https://p.example/me"},"identity":{"id":"/id"}})",
                             "p.json");
        std::vector<std::string> list;
        for (auto const& found : read.problems) {
            list.push_back(to_string(found));
        }
        return list;
    };
    std::vector<std::string> const pages = {
        "p.json at /endpoints/api_base: is required by the quirk \"facebook_pages\"",
        "p.json at /endpoints/candidates_url: is required by the quirk \"facebook_pages\"",
        "p.json at /refresh/model: must be \"extend\" for the quirk \"facebook_pages\""};
    BOOST_TEST(lines("facebook_pages") == pages, boost::test_tools::per_element());
    std::vector<std::string> const organizations = {
        "p.json at /endpoints/api_base: is required by the quirk \"linkedin_organizations\"",
        "p.json at /endpoints/candidates_url: is required by the quirk \"linkedin_organizations\""};
    BOOST_TEST(lines("linkedin_organizations") == organizations, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_their_endpoints_the_sections_may_be_short) {
    auto const read = parse_descriptor(changed("/endpoints", R"({"authorize_url":"https://p.example/a",
        "token_url":"https://p.example/t","identity_url":"https://p.example/me"})"),
                                       "x.json");
    BOOST_TEST(read.problems.empty());
    BOOST_TEST(read.parsed.endpoints.long_lived_url == "");
    BOOST_TEST(read.parsed.endpoints.candidates_url == "");
}

BOOST_AUTO_TEST_SUITE_END()

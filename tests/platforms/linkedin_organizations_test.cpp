// LinkedIn's organisations: who is offered with which scope, and where their names come from.
#include "tests/platforms/platform_fixture.hpp"

#include <boost/test/data/test_case.hpp>

namespace {

using namespace connectd::platforms;
using connectd::tests::header;

constexpr auto with_organizations =
    R"({"access_token":"AQVex","expires_in":5184000,"scope":"openid,profile,w_organization_social,rw_organization_admin"})";
constexpr auto person = R"({"sub":"782bbdllp1","name":"Ada Example"})";
constexpr auto roles = R"({"elements":[
    {"organization":"urn:li:organization:2414183","role":"ADMINISTRATOR","state":"APPROVED",
     "roleAssignee":"urn:li:person:782bbdllp1"},
    {"organization":"urn:li:organization:90000000000000000001","role":"ADMINISTRATOR","state":"APPROVED"},
    {"organization":"urn:li:organization:2414183","role":"ADMINISTRATOR","state":"APPROVED"},
    {"organization":"urn:li:organizationBrand:7","role":"ADMINISTRATOR","state":"APPROVED"}],
    "paging":{"count":100,"start":0,"links":[]}})";

struct fixture : connectd::tests::platform_fixture {
    fixture() : platform_fixture("linkedin") {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(linkedin_organizations_test, fixture)

BOOST_AUTO_TEST_CASE(person_and_organisations_can_be_chosen) {
    client.answer(200, with_organizations);
    client.answer(200, person);
    client.answer(200, roles);
    client.answer(200, R"({"results":{
        "2414183":{"id":2414183,"localizedName":"Harbour Bakery","vanityName":"harbour-bakery","unknown":{}},
        "90000000000000000001":{"vanityName":"quay"}},"statuses":{},"errors":{}})");
    auto const made = connect();
    BOOST_TEST(made.value().who.value().id == "782bbdllp1");
    auto const& list = made->candidates.value().value();
    BOOST_TEST_REQUIRE(list.size() == 4u);
    BOOST_TEST(list[0].who.id == "782bbdllp1");
    BOOST_TEST(list[0].kind == "person");
    BOOST_TEST(list[1].who.id == "urn:li:organization:2414183");
    BOOST_TEST(list[1].who.display_name == "Harbour Bakery");
    BOOST_TEST(list[1].who.username == "harbour-bakery");
    BOOST_TEST(list[1].kind == "organization");
    BOOST_TEST(list[2].who.id == "urn:li:organization:90000000000000000001");
    BOOST_TEST(list[2].who.display_name == "urn:li:organization:90000000000000000001");
    BOOST_TEST(list[2].who.username == "quay");
    BOOST_TEST(list[3].who.display_name == "urn:li:organizationBrand:7");
    for (auto const& one : list) {
        BOOST_TEST(one.access_token.empty()); // the grant's token serves them all
    }
    BOOST_TEST_REQUIRE(client.sent.size() == 4u);
    BOOST_TEST(client.sent[2].url == "https://api.linkedin.com/rest/organizationAcls"
                                     "?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED&count=100");
    BOOST_TEST(client.sent[3].url ==
               "https://api.linkedin.com/rest/organizations?ids=List(2414183,90000000000000000001)");
    for (auto const call : {2u, 3u}) {
        BOOST_TEST(header(client.sent[call], "LinkedIn-Version") == "202607");
        BOOST_TEST(header(client.sent[call], "X-Restli-Protocol-Version") == "2.0.0");
        BOOST_TEST(header(client.sent[call], "Authorization") == "Bearer AQVex");
    }
}

BOOST_AUTO_TEST_CASE(names_are_not_worth_a_failure) {
    for (bool const lost : {false, true}) {
        client.answer(200, with_organizations);
        client.answer(200, person);
        client.answer(200, roles);
        if (lost) {
            client.fail(errc::timed_out);
        } else {
            client.answer(403, R"({"status":403,"serviceErrorCode":100})");
        }
        auto const made = connect();
        auto const& list = made.value().candidates.value().value();
        BOOST_TEST_REQUIRE(list.size() == 4u);
        BOOST_TEST(list[1].who.display_name == "urn:li:organization:2414183");
    }
}

BOOST_AUTO_TEST_CASE(without_organisations_the_person_is_the_one_choice_and_no_names_are_asked) {
    client.answer(200, with_organizations);
    client.answer(200, person);
    client.answer(200, R"({"elements":[],"paging":{"count":100,"start":0,"links":[]}})");
    BOOST_TEST(connect().value().candidates.value().value().size() == 1u);
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_refused_list_of_roles_is_told) {
    client.answer(200, with_organizations);
    client.answer(200, person);
    client.answer(403, R"({"status":403,"serviceErrorCode":100,"message":"Not enough permissions"})");
    auto const made = connect();
    BOOST_TEST(made.value().candidates.value().error().what == verdict::operator_fault);
    BOOST_TEST(made->candidates->error().code == errc::scope_missing);
}

BOOST_AUTO_TEST_CASE(many_organisations_are_named_in_several_calls) {
    std::string entries;
    for (int number = 1; number <= 60; ++number) {
        entries += (number == 1 ? "" : ",") + std::string(R"({"organization":"urn:li:organization:)") +
                   std::to_string(number) + "\"}";
    }
    client.answer(200, with_organizations);
    client.answer(200, person);
    client.answer(200, "{\"elements\":[" + entries + "]}");
    client.answer(200, R"({"results":{"1":{"localizedName":"First"}}})");
    client.answer(200, R"({"results":{"60":{"localizedName":"Last"}}})");
    auto const made = connect();
    auto const& list = made.value().candidates.value().value();
    BOOST_TEST_REQUIRE(list.size() == 61u);
    BOOST_TEST(list[1].who.display_name == "First");
    BOOST_TEST(list[60].who.display_name == "Last");
    BOOST_TEST(client.sent[4].url.ends_with("?ids=List(51,52,53,54,55,56,57,58,59,60)"));
}

BOOST_AUTO_TEST_SUITE_END()

// LinkedIn's organizations: which ones a member administers, by the versioned call and the legacy ones, and
// what they are called.
#include "tests/sandbox/linkedin_visit.hpp"
#include "tools/sandbox/linkedin/projection.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

namespace connectd::tests {
namespace {

constexpr auto acls = "/rest/organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED";

struct pages_visit : linkedin_visit {
    // The URNs of a finder's answer.
    static std::set<std::string> urns(answer const& got, std::string_view member = "organization") {
        std::set<std::string> found;
        auto const document = got.json();
        for (auto const& each : document.at("elements").as_array())
            found.insert(std::string{each.at(member).as_string()});
        return found;
    }
    std::string id_of(std::string_view vanity_name) {
        auto const document = control.get("/linkedin/organizations").json();
        for (auto const& each : document.at("data").as_array()) {
            if (each.at("vanity_name").as_string() == vanity_name)
                return std::string{each.at("id").as_string()};
        }
        return {};
    }
};

BOOST_FIXTURE_TEST_SUITE(linkedin_organizations_test, pages_visit)

BOOST_AUTO_TEST_CASE(the_finder_lists_what_the_member_administers) {
    auto const token = pages_token();
    auto const got = site.get(acls, versioned(token));
    BOOST_TEST(got.status == 200);
    BOOST_TEST((urns(got) == std::set<std::string>{"urn:li:organization:" + id_of("marlow-prints"),
                                                   "urn:li:organization:" + id_of("cafe-mueller")}));
    BOOST_TEST(got.text("/elements/0/role") == "ADMINISTRATOR");
    BOOST_TEST(got.text("/elements/0/state") == "APPROVED");
    BOOST_TEST(got.text("/elements/0/roleAssignee").starts_with("urn:li:person:"));
    BOOST_TEST(got.json().at_pointer("/paging/links").as_array().empty());
    auto const ben = pages_token("ben");
    BOOST_TEST(urns(site.get(acls, versioned(ben))).empty());
    BOOST_TEST(urns(site.get("/rest/organizationAcls?q=roleAssignee", versioned(ben))).size() == 2);
    BOOST_TEST(urns(site.get(acls, versioned(pages_token("cleo")))).empty());
}

BOOST_AUTO_TEST_CASE(the_finder_pages) {
    for (int i = 0; i < 12; ++i)
        control.post_json("/linkedin/organizations", R"({"name":"Page","administrators":["cleo"]})");
    auto const token = pages_token("cleo");
    auto const first = site.get(acls, versioned(token));
    BOOST_TEST(urns(first).size() == 10);
    auto const next = first.text("/paging/links/0/href");
    BOOST_TEST(first.text("/paging/links/0/rel") == "next");
    auto const second = site.get(next, versioned(token));
    BOOST_TEST(urns(second).size() == 2);
    BOOST_TEST(second.json().at_pointer("/paging/links").as_array().empty());
    BOOST_TEST(urns(site.get(std::string{acls} + "&count=100", versioned(token))).size() == 12);
}

BOOST_AUTO_TEST_CASE(the_finder_needs_a_permission_a_version_and_the_protocol) {
    auto const token = pages_token();
    auto const self_serve = connect().text("/access_token");
    auto const refused = site.get(acls, versioned(self_serve));
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.text("/code") == "ACCESS_DENIED");
    BOOST_TEST(site.get(acls, {bearer(token)}).text("/code") == "VERSION_MISSING");
    BOOST_TEST(site.get(acls, {bearer(token), {"LinkedIn-Version", "202607"}}).status == 400);
    BOOST_TEST(site.get("/rest/organizationAcls?q=organization", versioned(token)).status == 400);
    BOOST_TEST(site.get("/rest/organizationAcls?q=roleAssignee&role=BOSS", versioned(token)).status == 400);
}

BOOST_AUTO_TEST_CASE(an_administrator_reads_names_and_logos) {
    auto const token = pages_token();
    auto const got = site.get("/rest/organizations/" + id_of("marlow-prints"), versioned(token));
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/localizedName") == "Marlow Prints");
    BOOST_TEST(got.text("/name/localized/en_US") == "Marlow Prints");
    BOOST_TEST(got.text("/vanityName") == "marlow-prints");
    BOOST_TEST(std::to_string(got.json().at("id").to_number<std::int64_t>()) == id_of("marlow-prints"));
    auto const asset = got.text("/logoV2/original");
    BOOST_TEST(asset.starts_with("urn:li:digitalmediaAsset:"));
    auto const image = "urn%3Ali%3Aimage%3A" + asset.substr(asset.rfind(':') + 1);
    auto const logo = site.get("/rest/images/" + image, versioned(token));
    BOOST_TEST(logo.text("/status") == "AVAILABLE");
    auto const url = logo.text("/downloadUrl");
    BOOST_TEST(site.get(url.substr(pretend.url("linkedin").size())).header("content-type") ==
               "image/svg+xml");
    BOOST_TEST(site.get("/rest/images/urn:li:image:marlow-prints", versioned(token)).status == 400);

    auto const plain = site.get("/rest/organizations/" + id_of("cafe-mueller"), versioned(token));
    BOOST_TEST(plain.text("/localizedName") == "Caf\xc3\xa9 M\xc3\xbcller");
    BOOST_TEST(!plain.json().as_object().contains("logoV2"));
    auto const ben = pages_token("ben");
    BOOST_TEST(site.get("/rest/organizations/" + id_of("cafe-mueller"), versioned(ben)).status == 403);
    BOOST_TEST(site.get("/rest/organizations/1", versioned(token)).status == 404);
}

BOOST_AUTO_TEST_CASE(a_batch_answers_for_each_id) {
    auto const mine = id_of("marlow-prints");
    control.post_json("/linkedin/organizations", R"({"name":"Not hers","vanity_name":"not-hers"})");
    auto const foreign = id_of("not-hers");
    auto const path = "/rest/organizations?ids=List(" + mine + "," + foreign + ",1)";
    auto const got = site.get(path, versioned(pages_token()));
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.text("/results/" + mine + "/localizedName") == "Marlow Prints");
    auto const document = got.json();
    BOOST_TEST(document.at("results").as_object().size() == 1);
    BOOST_TEST(document.at_pointer("/statuses/" + mine).to_number<int>() == 200);
    BOOST_TEST(document.at_pointer("/statuses/" + foreign).to_number<int>() == 403);
    BOOST_TEST(document.at_pointer("/statuses/1").to_number<int>() == 404);
    BOOST_TEST(got.text("/errors/" + foreign + "/code") == "ACCESS_DENIED");
    BOOST_TEST(site.get("/rest/organizations?ids=" + mine, versioned(pages_token())).status == 400);
}

BOOST_AUTO_TEST_CASE(the_legacy_finder_names_the_target_and_looks_it_up) {
    auto const token = pages_token();
    auto const path = std::string{"/v2/organizationalEntityAcls?q=roleAssignee&role=ADMINISTRATOR"
                                  "&state=APPROVED"};
    auto const plain = site.get(path, {bearer(token)});
    BOOST_TEST(urns(plain, "organizationalTarget").size() == 2);
    auto const decorated =
        site.get(path + "&projection=(elements*(organizationalTarget~(localizedName,vanityName,"
                        "logoV2(original~:playableStreams))))",
                 {bearer(token)});
    BOOST_TEST(decorated.status == 200);
    BOOST_TEST(decorated.text("/elements/0/organizationalTarget").starts_with("urn:li:organization:"));
    BOOST_TEST(decorated.text("/elements/0/organizationalTarget~0/localizedName") == "Marlow Prints");
    BOOST_TEST(decorated
                   .text("/elements/0/organizationalTarget~0/logoV2/original~0/elements/0/identifiers/0/"
                         "identifier")
                   .starts_with(pretend.url("linkedin")));
    auto const document = decorated.json();
    BOOST_TEST(!document.at_pointer("/elements/0").as_object().contains("role"));
    BOOST_TEST(!document.at_pointer("/elements/1/organizationalTarget~0").as_object().contains("logoV2"));
    auto const newer = site.get("/v2/organizationAcls?q=roleAssignee&projection=(elements*(*,"
                                "organization~(localizedName)))",
                                {bearer(token)});
    BOOST_TEST(newer.text("/elements/0/organization~0/localizedName") == "Marlow Prints");
    BOOST_TEST(newer.text("/elements/0/role") == "ADMINISTRATOR");
    BOOST_TEST(site.get(path + "&projection=(elements*(", {bearer(token)}).status == 400);
    auto const versioned_one = site.get(
        std::string{acls} + "&projection=(elements*(organization~(localizedName)))", versioned(token));
    BOOST_TEST(versioned_one.status == 400);
}

BOOST_AUTO_TEST_CASE(roles_change_and_organizations_go) {
    auto const token = pages_token("cleo");
    auto const id = id_of("marlow-prints");
    BOOST_TEST(control.send("PUT", "/linkedin/organizations/" + id + "/roles/cleo").status == 200);
    BOOST_TEST(
        (urns(site.get(acls, versioned(token))) == std::set<std::string>{"urn:li:organization:" + id}));
    control.send("PUT", "/linkedin/organizations/" + id + "/roles/cleo", {}, R"({"state":"REVOKED"})");
    BOOST_TEST(urns(site.get(acls, versioned(token))).empty());
    BOOST_TEST(control.send("DELETE", "/linkedin/organizations/" + id).status == 200);
    BOOST_TEST(control.send("DELETE", "/linkedin/organizations/" + id).status == 404);
    BOOST_TEST(control.send("PUT", "/linkedin/organizations/1/roles/cleo").status == 404);
    BOOST_TEST(control.post_json("/linkedin/organizations", R"({"name":""})").status == 400);
    BOOST_TEST(control
                   .send("PUT", "/linkedin/organizations/" + id_of("cafe-mueller") + "/roles/cleo", {},
                         R"({"role":"BOSS"})")
                   .status == 400);
}

BOOST_AUTO_TEST_CASE(an_administrator_writes_for_the_page) {
    auto const post = [&](std::string_view token, std::string const& id) {
        return site.post_json("/rest/posts",
                              R"({"author":"urn:li:organization:)" + id +
                                  R"(","commentary":"News","visibility":"PUBLIC",)"
                                  R"("distribution":{"feedDistribution":"MAIN_FEED"},)"
                                  R"("lifecycleState":"PUBLISHED"})",
                              versioned(token));
    };
    BOOST_TEST(post(pages_token(), id_of("marlow-prints")).status == 201);
    BOOST_TEST(post(pages_token("ben"), id_of("marlow-prints")).status == 403);
    BOOST_TEST(post(pages_token("ben"), id_of("cafe-mueller")).status == 201);
    auto const member_only = connect(partner).text("/access_token");
    BOOST_TEST(post(member_only, id_of("marlow-prints")).status == 403);
}

BOOST_AUTO_TEST_CASE(projections_are_read_strictly) {
    using namespace sandbox::linkedin;
    for (auto const* const wrong : {"", "a", "(", "()", "(a", "(a)b", "(a,)", "(a(b)", "((a))"})
        BOOST_TEST(!parse_projection(wrong).has_value(), wrong);
    auto const wanted = parse_projection("(a,list*(b),x(c))");
    BOOST_REQUIRE(wanted.has_value());
    auto const narrowed = project({{"a", 1},
                                   {"z", 2},
                                   {"x", boost::json::object{{"c", 3}, {"d", 4}}},
                                   {"list", {boost::json::object{{"b", 5}, {"e", 6}}}}},
                                  *wanted, [](std::string_view) { return std::nullopt; });
    BOOST_TEST(boost::json::serialize(narrowed) == R"({"a":1,"list":[{"b":5}],"x":{"c":3}})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

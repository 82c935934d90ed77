// Pages of accounts to choose from: which entries count, and where the next page may be.
#include "platforms/candidates.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::crypto::secret;
using connectd::tests::header;
using connectd::tests::made_up_platform;
using connectd::tests::parsed;
using connectd::tests::reply;

descriptor const& chirp() {
    static auto const platform = parsed(made_up_platform);
    return platform;
}

outcome<candidate_page> page(std::string_view nests) {
    return parse_candidates(chirp(), reply(200, "{\"data\":{\"nests\":" + std::string(nests) + "}}"));
}

http::request first_request() {
    auto request = http::request{};
    request.url = "https://api.chirp.example/v3/nests?fields=id";
    request.headers = {{"Accept", "application/json"}, {"Authorization", "Bearer t+k"}};
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(candidates_test)

BOOST_AUTO_TEST_CASE(an_entry_becomes_a_candidate_with_its_own_token) {
    auto const read = parse_candidates(chirp(), reply(200, R"({"data":{"nests":[
        {"id":12345678901234567890,"nick":"oak","title":"Old oak","picture":"https://p.example/o.jpg","key":"k-oak",
         "may":["read","post"],"colour":{"red":1}}],"next":"https://api.chirp.example/v3/nests?after=2"}})"));
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST_REQUIRE(read->found.size() == 1u);
    auto const& oak = read->found[0];
    BOOST_TEST(oak.who.id == "12345678901234567890");
    BOOST_TEST(oak.who.username == "oak");
    BOOST_TEST(oak.who.display_name == "Old oak");
    BOOST_TEST(oak.who.avatar_url == "https://p.example/o.jpg");
    BOOST_TEST(oak.kind == "nest");
    BOOST_TEST(oak.access_token.reveal() == "k-oak");
    BOOST_TEST(read->next == "https://api.chirp.example/v3/nests?after=2");
}

BOOST_AUTO_TEST_CASE(entries_that_cannot_be_connected_are_passed_over) {
    auto const read = page(R"([
        {"id":"1","key":"k","may":["read"]},
        {"id":"2","may":["post"]},
        {"id":"3","key":"","may":["post"]},
        {"key":"k","may":["post"]},
        {"id":"","key":"k","may":["post"]},
        {"id":"5","key":"k","may":[]},
        "6", null, [],
        {"id":"7","key":"k","may":["post"]},
        {"id":"8","key":"k"},
        {"id":"9","key":"k","may":["POST"]}])");
    BOOST_TEST_REQUIRE(read.has_value());
    std::vector<std::string> ids;
    for (auto const& one : read->found) {
        ids.push_back(one.who.id);
    }
    // The last one that counts has no list of rights at all.
    BOOST_TEST(ids == (std::vector<std::string>{"7", "8"}), boost::test_tools::per_element());
    BOOST_TEST(read->next == "");
}

BOOST_AUTO_TEST_CASE(a_name_falls_back_to_the_username_and_then_to_the_id) {
    auto const read = page(R"([{"id":"1","key":"k","nick":"oak"},{"id":"urn:nest:2","key":"k","title":""}])");
    BOOST_TEST_REQUIRE(read.value().found.size() == 2u);
    BOOST_TEST(read->found[0].who.display_name == "oak");
    BOOST_TEST(read->found[1].who.display_name == "urn:nest:2");
    BOOST_TEST(read->found[1].who.avatar_url == "");
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_a_success_and_a_missing_one_is_not) {
    BOOST_TEST(page("[]").value().found.empty());
    for (std::string_view const odd : {"{}", "null", "7"}) {
        auto const read = page(odd);
        BOOST_TEST_REQUIRE(!read.has_value(), odd);
        BOOST_TEST(read.error().what == verdict::temporary);
        BOOST_TEST(read.error().code == errc::malformed_answer);
    }
    BOOST_TEST(!parse_candidates(chirp(), reply(200, "<html>")).has_value());
}

BOOST_AUTO_TEST_CASE(failures_follow_the_error_table) {
    auto const dead = parse_candidates(chirp(), reply(401, R"({"error":{"number":4}})"));
    BOOST_TEST(dead.error().what == verdict::refused);
    auto const quota =
        parse_candidates(chirp(), reply(403, R"({"error":{"number":4,"text":"Quota is up"}})"));
    BOOST_TEST(quota.error().what == verdict::operator_fault);
    BOOST_TEST(parse_candidates(chirp(), reply(503, "")).error().what == verdict::temporary);
}

BOOST_AUTO_TEST_CASE(the_next_page_is_asked_like_the_first) {
    auto const next = next_candidates_request(first_request(), "https://api.chirp.example/v3/nests?after=2",
                                              secret::copy_of("t+k"));
    BOOST_TEST_REQUIRE(next.has_value());
    BOOST_TEST(next->url == "https://api.chirp.example/v3/nests?after=2");
    BOOST_TEST(header(*next, "Authorization") == "Bearer t+k");
    BOOST_TEST(header(*next, "Accept") == "application/json");
}

BOOST_AUTO_TEST_CASE(a_token_that_the_url_carries_is_not_sent_twice) {
    for (std::string const url : {"https://api.chirp.example/v3/nests?access_token=t%2Bk&after=2",
                                  "https://API.chirp.example:443/v3/nests?after=2&access_token=t+k"}) {
        auto const next = next_candidates_request(first_request(), url, secret::copy_of("t+k"));
        BOOST_TEST_REQUIRE(next.has_value());
        BOOST_TEST(next->url == url);
        BOOST_TEST(header(*next, "Authorization") == "");
        BOOST_TEST(header(*next, "Accept") == "application/json");
    }
}

BOOST_AUTO_TEST_CASE(a_next_page_elsewhere_is_refused) {
    for (std::string const url :
         {"https://evil.example/v3/nests", "http://api.chirp.example/v3/nests",
          "https://api.chirp.example:8443/v3/nests", "https://api.chirp.example.evil.example/",
          "https://user@api.chirp.example/v3/nests", "/v3/nests?after=2", "nests", ""}) {
        auto const next = next_candidates_request(first_request(), url, secret::copy_of("t"));
        BOOST_TEST_REQUIRE(!next.has_value(), url);
        BOOST_TEST(next.error().what == verdict::temporary);
        BOOST_TEST(next.error().code == errc::malformed_answer);
    }
}

BOOST_AUTO_TEST_SUITE_END()

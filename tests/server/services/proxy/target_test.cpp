// What a caller can reach, and every way out of it that is closed.
#include "server/services/proxy/target.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace connectd::server::services::proxy {
namespace {

std::vector<std::string> const beside{"/upload/youtube/v3"};

std::string went_to(std::string_view base, std::string_view path, std::string_view query = {}) {
    auto const target = target_of(base, beside, path, query);
    return target.has_value() ? *target : "refused";
}

std::string const ways_out[] = {
    "..",
    "../v1/admin",
    "users/../../admin",
    "users/..",
    "%2e%2e/admin",
    ".%2E/admin",
    "users/%2e%2e%2fadmin",
    "users%2f..%2fadmin",
    "users\\..\\admin",
    "users%5c..%5cadmin",
    "%252e%252e/admin",
    "%25252e%25252e/admin",
    "..;/admin",
    "..;a=b/admin",
    "users/%2e.;x/admin",
    "http://other.example/",
    "HTTPS://other.example/",
    "//other.example/",
    "/users/me",
    "users#fragment",
    "users me",
    "users\r\nHost: other.example",
    "users%0d%0aHost:%20other.example",
    "users%250a",
    "users%00",
    "users%7f",
    "caf\xc3\xa9",
};

std::string const bad_queries[] = {"a=b#c", "a=b c", "a=b\r\nX: y", "a=\xc3\xa9"};

} // namespace

BOOST_AUTO_TEST_SUITE(target_test)

BOOST_AUTO_TEST_CASE(the_path_goes_behind_the_base) {
    BOOST_TEST(went_to("https://api.x.com/2", "tweets") == "/2/tweets");
    BOOST_TEST(went_to("https://api.x.com/2/", "tweets", "a=b&c") == "/2/tweets?a=b&c");
    BOOST_TEST(went_to("https://pds.example", "xrpc/com.atproto.repo.createRecord") ==
               "/xrpc/com.atproto.repo.createRecord");
    BOOST_TEST(went_to("https://api.x.com/2", "") == "/2/");
}

BOOST_AUTO_TEST_CASE(bytes_stay_as_they_came) {
    for (auto const* path : {"a%2Fb/c%20d", "a//b/", "urn:li:share:123/likes", "q?", "a/./b", "...",
                             "a..b/..c", "{id}/[x]|^`\"<>", "me%2e%2ejson", "%E4%F6", "100%", "a%zz"}) {
        BOOST_TEST(went_to("https://h/v1", path) == std::string{"/v1/"} + path);
    }
    BOOST_TEST(went_to("https://h", "posts", "f[x]=List(urn%3Ali)&u=http://other/../..&%00") ==
               "/posts?f[x]=List(urn%3Ali)&u=http://other/../..&%00");
}

BOOST_AUTO_TEST_CASE(what_lies_beside_the_base_counts_from_the_origin) {
    BOOST_TEST(went_to("https://h/youtube/v3", "upload/youtube/v3/videos", "part=x") ==
               "/upload/youtube/v3/videos?part=x");
    BOOST_TEST(went_to("https://h/youtube/v3", "upload/youtube/v3") == "/upload/youtube/v3");
    BOOST_TEST(went_to("https://h/youtube/v3", "upload/youtube/v30") == "/youtube/v3/upload/youtube/v30");
    BOOST_TEST(went_to("https://h/youtube/v3", "upload/youtube/v3/../x") == "refused");
}

BOOST_DATA_TEST_CASE(no_way_out, ways_out, path) {
    auto const target = target_of("https://api.example/v2", {}, path, {});
    BOOST_TEST_REQUIRE(target.has_error());
    BOOST_TEST((target.error().code == make_error_code(errc::proxy_request_refused)));
    BOOST_TEST(!target.error().detail.empty());
}

BOOST_DATA_TEST_CASE(nor_in_the_query, bad_queries, query) {
    BOOST_TEST(went_to("https://api.example/v2", "users", query) == "refused");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::proxy

// Goal: whoever has the server has its contract and its reference, and reading them tells nobody else.
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>
#include <set>
#include <string>

namespace connectd::tests {
namespace {

// What an HTML page loads or links to.
std::set<std::string> references(std::string const& page) {
    static std::regex const attribute{"(?:src|href)=\"([^\"]*)\""};
    std::set<std::string> found;
    for (std::sregex_iterator at{page.begin(), page.end(), attribute}, end; at != end; ++at) {
        found.insert((*at)[1]);
    }
    return found;
}

std::string_view media_type(std::string_view name) {
    if (name.ends_with(".js")) {
        return "text/javascript; charset=utf-8";
    }
    return name.ends_with(".css") ? "text/css; charset=utf-8" : "application/json";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(docs_test, whole_server)

BOOST_AUTO_TEST_CASE(the_contract_is_there_for_everybody) {
    auto const got = ask_as("", "GET", "/openapi.json");
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.header("content-type") == "application/json");
    BOOST_TEST(got.text("/openapi") == "3.1.0");
    auto const again = send("GET", "/openapi.json", {{"If-None-Match", got.header("etag")}});
    BOOST_TEST(again.status == 304U);
    BOOST_TEST(again.body.empty());
    BOOST_TEST(again.header("etag") == got.header("etag"));
    BOOST_TEST(send("GET", "/openapi.json", {{"If-None-Match", "\"other\""}}).status == 200U);
}

BOOST_AUTO_TEST_CASE(the_reference_loads_what_this_server_has_and_nothing_else) {
    auto const page = visit("/docs");
    BOOST_TEST(page.status == 200U);
    BOOST_TEST(page.header("content-type") == "text/html; charset=utf-8");
    auto const policy = page.header("content-security-policy");
    BOOST_TEST(policy.starts_with("default-src 'none'; script-src 'self'; "));
    BOOST_TEST(policy.find("://") == std::string::npos);
    auto const named = references(page.body);
    BOOST_TEST(named.size() > 4U);
    for (auto const& each : named) {
        if (each != "data:,") {
            BOOST_REQUIRE(each.starts_with('/')); // of this origin
            auto const got = visit(each);
            BOOST_TEST(got.status == 200U, each);
            BOOST_TEST(got.header("content-type") == media_type(each), each);
            BOOST_TEST(!got.body.empty(), each);
        }
    }
    BOOST_TEST(visit("/docs/NOTICE").header("content-type") == "text/plain; charset=utf-8");
    BOOST_TEST(refusal(ask_as("", "GET", "/docs/routes.cpp")) == "404 not_found");
}

// curl and the like send no Accept-Encoding and print what they get.
BOOST_AUTO_TEST_CASE(the_renderer_is_compressed_for_those_who_can_read_it) {
    for (std::string const path : {"/docs/swagger-ui-bundle.js", "/docs/swagger-ui-bundle.js.LICENSE.txt"}) {
        auto const plain = send("GET", path, {});
        auto const packed = send("GET", path, {{"Accept-Encoding", "gzip, deflate, br"}});
        BOOST_TEST(plain.header("content-encoding").empty());
        BOOST_TEST(plain.body.starts_with("/*"), plain.body.substr(0, 20));
        BOOST_TEST(packed.header("content-encoding") == "gzip");
        BOOST_TEST(packed.body.starts_with("\x1f\x8b"));
        BOOST_TEST(packed.body.size() < plain.body.size());
        for (auto const& got : {plain, packed}) {
            BOOST_TEST(got.header("vary") == "Accept-Encoding");
            BOOST_TEST(got.header("content-type") == plain.header("content-type"));
        }
        BOOST_TEST(packed.header("etag") != plain.header("etag"));
        BOOST_TEST(send("GET", path, {{"If-None-Match", plain.header("etag")}}).status == 304U);
        BOOST_TEST(send("GET", path, {{"Accept-Encoding", "gzip;q=0"}}).body == plain.body);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

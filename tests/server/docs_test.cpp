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

bool is_compressed(answer const& got) {
    return got.header("content-encoding") == "gzip" && got.body.starts_with("\x1f\x8b");
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
            BOOST_TEST(visit(each).status == 200U, each);
        }
    }
    BOOST_TEST(is_compressed(visit("/docs/swagger-ui-bundle.js")));
    BOOST_TEST(visit("/docs/swagger-ui.css").header("content-type") == "text/css; charset=utf-8");
    BOOST_TEST(is_compressed(visit("/docs/swagger-ui-bundle.js.LICENSE.txt")));
    BOOST_TEST(refusal(ask_as("", "GET", "/docs/routes.cpp")) == "404 not_found");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

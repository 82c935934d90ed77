#include "server/api/routes.hpp"
#include "server/services/api_keys.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <regex>
#include <set>
#include <string>

namespace connectd::server::api {
namespace {

std::string name(route const& line) {
    return std::string{line.method} + " " + std::string{line.pattern};
}

// The pattern without the names of its parameters: two that differ by a name only are one.
std::string shape(route const& line) {
    return std::string{line.method} + " " +
           std::regex_replace(std::string{line.pattern}, std::regex{"\\{[^}]*\\}"}, "{}");
}

} // namespace

BOOST_AUTO_TEST_SUITE(routes_test)

BOOST_AUTO_TEST_CASE(no_route_is_there_twice) {
    std::set<std::string> shapes;
    for (auto const& line : routes()) {
        BOOST_TEST(shapes.insert(shape(line)).second, name(line));
    }
    BOOST_TEST(shapes.size() > 20U);
}

BOOST_AUTO_TEST_CASE(every_route_has_an_answer_and_a_plain_pattern) {
    std::regex const plain{"(/([a-z0-9.-]+|\\{[a-z]+\\*?\\}))+"};
    for (auto const& line : routes()) {
        BOOST_TEST(line.run != nullptr, name(line));
        BOOST_TEST(std::regex_match(std::string{line.pattern}, plain), name(line));
        BOOST_TEST((line.method == "GET" || line.method == "POST" || line.method == "PATCH" ||
                    line.method == "DELETE" || line.method == "*"),
                   name(line));
    }
}

BOOST_AUTO_TEST_CASE(a_route_of_a_workspace_has_a_scope_that_keys_can_have) {
    auto const known = services::all_scopes();
    for (auto const& line : routes()) {
        if (line.needs == access::workspace || line.needs == access::either) {
            BOOST_TEST((std::ranges::find(known, line.scope) != known.end()), name(line));
        } else {
            BOOST_TEST(line.scope.empty(), name(line));
        }
    }
}

// What an end user does on our pages is written down where it is known whether anything came of it, and calls
// to a platform are events.
BOOST_AUTO_TEST_CASE(every_change_has_a_name_in_the_audit_log_and_no_reading_has) {
    std::regex const noun_and_verb{"[a-z_]+\\.[a-z_]+"};
    for (auto const& line : routes()) {
        bool const changes = line.method != "GET" && line.method != "*" && line.needs != access::open;
        BOOST_TEST(line.audited.empty() != changes, name(line));
        BOOST_TEST((!changes || std::regex_match(std::string{line.audited}, noun_and_verb)), name(line));
    }
}

BOOST_AUTO_TEST_CASE(a_feature_is_one_that_plans_can_have) {
    std::set<std::string_view> const known{"branding", "own_credentials", "proxy", "quickstart", "webhooks"};
    for (auto const& line : routes()) {
        BOOST_TEST((line.feature.empty() || known.contains(line.feature)), name(line));
        BOOST_TEST((line.feature.empty() || line.needs == access::workspace), name(line));
    }
}

BOOST_AUTO_TEST_CASE(what_is_open_is_listed_here) {
    std::set<std::string> const meant{"GET /healthz",
                                      "GET /readyz",
                                      "GET /metrics",
                                      "GET /openapi.json",
                                      "GET /docs",
                                      "GET /docs/{file}",
                                      "GET /connect/{session}",
                                      "POST /connect/{session}",
                                      "GET /reconnect/{link}",
                                      "POST /reconnect/{link}",
                                      "GET /v1/connect/callback/{platform}"};
    std::set<std::string> open;
    for (auto const& line : routes()) {
        if (line.needs == access::open) {
            open.insert(name(line));
        }
    }
    BOOST_TEST(open == meant, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(workspaces_and_their_keys_are_the_operators) {
    for (auto const& line : routes()) {
        if (line.pattern.starts_with("/v1/workspaces")) {
            BOOST_TEST((line.needs == access::root), name(line));
        }
    }
}

BOOST_AUTO_TEST_CASE(reading_scopes_do_not_open_routes_that_change_things) {
    for (auto const& line : routes()) {
        if (line.needs == access::workspace && line.method != "GET") {
            BOOST_TEST(!line.scope.ends_with(":read"), name(line));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::api

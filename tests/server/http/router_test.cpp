// Which pattern takes a path, and what its parameters are.

#include "server/http/router.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

namespace {

namespace http = server::http;

http::task<http::response> nothing(http::request&) {
    co_return http::response{};
}

http::router sample() {
    http::router routes;
    routes.add("GET", "/", nothing);
    routes.add("GET", "/v1/accounts", nothing);
    routes.add("POST", "/v1/accounts", nothing);
    routes.add("GET", "/v1/accounts/{id}", nothing);
    routes.add("DELETE", "/v1/accounts/{id}", nothing);
    routes.add("GET", "/v1/accounts/search", nothing);
    routes.add("GET", "/v1/accounts/{account}/posts/{post}", nothing);
    routes.add_any("/v1/accounts/{id}/proxy/{path*}", nothing);
    routes.add("GET", "/xrpc/com.example.method", nothing);
    routes.add("GET", "/plc/{did}", nothing);
    routes.add("HEAD", "/plc/{did}", nothing);
    routes.add("GET", "/files/{path*}", nothing);
    routes.add("GET", "/files/{name}/info", nothing);
    return routes;
}

// "pattern name=value ..." or "404", "405 methods", "400".
std::string route(std::string method, std::string path) {
    auto const routes = sample();
    http::request asked;
    asked.method = std::move(method);
    asked.raw_path = std::move(path);
    auto const found = routes.find(asked);
    if (found.found == nullptr) {
        std::string text = found.malformed ? "400" : found.allow.empty() ? "404" : "405";
        for (auto const& allowed : found.allow) {
            text += " " + allowed;
        }
        return text;
    }
    std::string text{asked.route};
    for (auto const& [name, value] : asked.path_parameters) {
        text += " " + name + "=" + value;
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(router_test)

BOOST_AUTO_TEST_CASE(literals_win_over_parameters) {
    BOOST_TEST(route("GET", "/") == "/");
    BOOST_TEST(route("GET", "/v1/accounts") == "/v1/accounts");
    BOOST_TEST(route("GET", "/v1/accounts/search") == "/v1/accounts/search");
    BOOST_TEST(route("GET", "/v1/accounts/acc_1") == "/v1/accounts/{id} id=acc_1");
    BOOST_TEST(route("GET", "/xrpc/com.example.method") == "/xrpc/com.example.method");
    BOOST_TEST(route("GET", "/plc/did:plc:abc") == "/plc/{did} did=did:plc:abc");
}

BOOST_AUTO_TEST_CASE(goes_back_when_a_literal_leads_nowhere) {
    BOOST_TEST(route("DELETE", "/v1/accounts/search") == "/v1/accounts/{id} id=search");
    BOOST_TEST(route("GET", "/v1/accounts/search/posts/7") ==
               "/v1/accounts/{account}/posts/{post} account=search post=7");
    BOOST_TEST(route("GET", "/files/a/info") == "/files/{name}/info name=a");
    BOOST_TEST(route("GET", "/files/a/other") == "/files/{path*} path=a/other");
}

BOOST_AUTO_TEST_CASE(an_escaped_slash_stays_inside_its_segment) {
    BOOST_TEST(route("GET", "/v1/accounts/a%2Fb") == "/v1/accounts/{id} id=a/b");
    BOOST_TEST(route("GET", "/v1/accounts%2Facc_1") == "404");
    BOOST_TEST(route("GET", "/v1/%61ccounts/x") == "/v1/accounts/{id} id=x");
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_path_keeps_its_bytes) {
    BOOST_TEST(route("PATCH", "/v1/accounts/a/proxy/2/users/%2E%2e//x%2Fy/") ==
               "/v1/accounts/{id}/proxy/{path*} id=a path=2/users/%2E%2e//x%2Fy/");
    BOOST_TEST(route("GET", "/v1/accounts/a/proxy/") == "/v1/accounts/{id}/proxy/{path*} id=a path=");
    BOOST_TEST(route("GET", "/v1/accounts/a/proxy") == "404");
}

BOOST_AUTO_TEST_CASE(does_not_guess) {
    BOOST_TEST(route("GET", "/v1/accounts/") == "404");
    BOOST_TEST(route("GET", "/v1/accounts/x/") == "404");
    BOOST_TEST(route("GET", "//v1/accounts") == "404");
    BOOST_TEST(route("GET", "/V1/accounts") == "404");
    BOOST_TEST(route("GET", "/v1/accounts/..") == "404");
    BOOST_TEST(route("GET", "/v1/accounts/.") == "404");
    BOOST_TEST(route("GET", "/v1/accounts/%2e%2e") == "400");
    BOOST_TEST(route("GET", "/v1/accounts/%zz") == "400");
    BOOST_TEST(route("GET", "*") == "404");
    BOOST_TEST(route("GET", "") == "404");
}

BOOST_AUTO_TEST_CASE(tells_the_methods_a_path_has) {
    BOOST_TEST(route("PUT", "/v1/accounts") == "405 GET POST HEAD");
    BOOST_TEST(route("PUT", "/v1/accounts/x") == "405 DELETE GET HEAD");
    BOOST_TEST(route("get", "/v1/accounts") == "405 GET POST HEAD");
    BOOST_TEST(route("BREW", "/v1/accounts/x/proxy/y") == "/v1/accounts/{id}/proxy/{path*} id=x path=y");
}

BOOST_AUTO_TEST_CASE(get_answers_head_unless_head_has_its_own) {
    BOOST_TEST(route("HEAD", "/v1/accounts") == "/v1/accounts");
    auto const routes = sample();
    http::request asked;
    asked.method = "HEAD";
    asked.raw_path = "/plc/x";
    BOOST_TEST(routes.find(asked).found->method == "HEAD");
    BOOST_TEST(routes.routes().at(asked.route_index).method == "HEAD");
    BOOST_TEST(asked.path_parameter("did") == "x");
    BOOST_CHECK_THROW(asked.path_parameter("other"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_host_of_its_own_leaves_out_a_prefix) {
    http::router routes;
    routes.add("GET", "/a/b/{id}", nothing);
    routes.add("GET", "/c/d", nothing);
    routes.add_host("own.example", "/a/b");
    routes.add_host("own.example:81", "/a");
    auto const find = [&](std::string host, std::string path) {
        http::request asked;
        asked.method = "GET";
        asked.host = std::move(host);
        asked.raw_path = std::move(path);
        return routes.find(asked).found != nullptr;
    };
    BOOST_TEST(find("own.example", "/7"));
    BOOST_TEST(find("own.example:8080", "/7"));
    BOOST_TEST(find("own.example:81", "/b/7"));
    BOOST_TEST(!find("own.example", "/a/b/7"));
    BOOST_TEST(!find("own.example", "/c/d"));
    BOOST_TEST(find("other.example", "/c/d"));
    BOOST_TEST(find("", "/a/b/7"));
    BOOST_CHECK_THROW(routes.add_host("own.example", "/a/x"), std::invalid_argument);
    // At other hosts the request itself may say it.
    routes.choose_prefix([](http::request const& asked) { return std::string_view{asked.raw_query}; });
    auto const choose = [&](std::string prefix, std::string host) {
        http::request asked;
        asked.method = "GET";
        asked.host = std::move(host);
        asked.raw_path = "/7";
        asked.raw_query = std::move(prefix);
        return routes.find(asked).found != nullptr;
    };
    BOOST_TEST(choose("/a/b", "any.example"));
    BOOST_TEST(!choose("/a", "any.example"));
    BOOST_TEST(!choose("", "any.example"));
    BOOST_TEST(choose("/a", "own.example"));
}

BOOST_AUTO_TEST_CASE(refuses_patterns_that_could_not_work) {
    http::router routes;
    routes.add("GET", "/a/{x}", nothing);
    for (std::string_view const pattern : {"", "a", "/a/{y}", "/{}", "/{*}", "/x{y}", "/{y}x", "/{a}/{a}",
                                           "/{a*}/b", "/{a", "/a}", "/{a{b}}"}) {
        BOOST_CHECK_THROW(routes.add("GET", pattern, nothing), std::invalid_argument);
    }
    BOOST_CHECK_THROW(routes.add("", "/b", nothing), std::invalid_argument);
    BOOST_TEST(routes.routes().size() == 1U);
    BOOST_CHECK_NO_THROW(routes.add("POST", "/a/{y}", nothing));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

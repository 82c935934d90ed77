// The hooks: every error goes through one place, and every answer is reported without its query.

#include "server/http/access_log.hpp"
#include "server/runtime/log.hpp"
#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/test_server.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace connectd::tests {

namespace {

using http::request;
using http::response;
using runtime::task;

task<response> hello(request&) {
    co_return response::text(200, "hello");
}

task<response> throws(request&) {
    throw std::runtime_error{"boom"};
    co_return response{};
}

void fill(http::router& routes, boost::asio::io_context&) {
    routes.add("GET", "/hello/{name}", hello);
    routes.add("GET", "/throws", throws);
}

response own_problem(http::http_error const& error) {
    auto answer = response::text(http::status_of(error.kind), std::string{http::name_of(error.kind)});
    answer.headers.set("X-Path", error.cause != nullptr ? error.cause->path : "none");
    answer.headers.set("X-Error-Id", error.request_id.empty() ? "none" : error.request_id);
    answer.headers.set("X-Exception", error.exception ? "yes" : "no");
    return answer;
}

response failing_problem(http::http_error const&) {
    throw std::runtime_error{"no page"};
}

struct report {
    std::string method, route, request_id, remote;
    unsigned status;
    std::size_t index, in, out;
    bool delivered;
};

// What the hook saw, until the server is stopped.
struct reports {
    std::mutex mutex{};
    std::vector<report> seen{};

    http::answered_hook hook() {
        return [this](http::answered const& answer) {
            std::lock_guard const lock{mutex};
            seen.push_back({std::string{answer.method}, std::string{answer.route},
                            std::string{answer.request_id}, std::string{answer.remote_address}, answer.status,
                            answer.route_index, answer.bytes_in, answer.bytes_out, answer.delivered});
        };
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(exchange_test)

BOOST_AUTO_TEST_CASE(every_error_goes_through_the_hook) {
    server_setup setup{.connections = 1};
    setup.options.hooks.problem = own_problem;
    test_server server{fill, setup};
    {
        raw_client client{server.port()};
        auto const missing = client.ask(get("/nothing?code=x", "X-Request-Id: abc\r\n"));
        BOOST_TEST(missing.status == 404U);
        BOOST_TEST(missing.body == "not_found");
        BOOST_TEST(missing.headers.at("x-path") == "/nothing");
        BOOST_TEST(missing.headers.at("x-error-id") == "abc");
        auto const thrown = client.ask(get("/throws"));
        BOOST_TEST(thrown.body == "internal_error");
        BOOST_TEST(thrown.headers.at("x-exception") == "yes");
        BOOST_TEST(client.ask(post("/throws", "")).headers.at("allow") == "GET, HEAD");
        raw_client over{server.port()};
        auto const refused = over.read();
        BOOST_TEST(refused.body == "too_many_connections");
        BOOST_TEST(refused.headers.at("x-path") == "none");
        auto const malformed = client.ask("GET / HTTP/1.1\r\n\r\n");
        BOOST_TEST(malformed.body == "malformed_request");
        BOOST_TEST(malformed.headers.at("x-error-id") == malformed.headers.at("x-request-id"));
    }
}

BOOST_AUTO_TEST_CASE(a_hook_that_throws_is_replaced) {
    server_setup setup;
    setup.options.hooks.problem = failing_problem;
    test_server server{fill, setup};
    auto const answer = raw_client{server.port()}.ask(get("/nothing"));
    BOOST_TEST(answer.status == 404U);
    BOOST_TEST(answer.headers.at("content-type") == "application/problem+json");
    BOOST_TEST(answer.body.find("\"request_id\":\"" + answer.headers.at("x-request-id")) !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_answer_is_reported_by_its_pattern) {
    reports log;
    server_setup setup;
    setup.options.hooks.answered = log.hook();
    test_server server{fill, setup};
    {
        raw_client client{server.port()};
        client.ask(get("/hello/bob?state=secret", "X-Request-Id: one\r\n"));
        client.ask(post("/nothing?code=secret", "12345"));
        client.ask("garbage\r\n\r\n");
    }
    BOOST_TEST(server.stop());
    BOOST_REQUIRE(log.seen.size() == 3U);
    auto const& first = log.seen[0];
    BOOST_TEST(first.method == "GET");
    BOOST_TEST(first.route == "/hello/{name}");
    BOOST_TEST(first.index == 0U);
    BOOST_TEST(first.request_id == "one");
    BOOST_TEST(first.remote == "127.0.0.1");
    BOOST_TEST(first.status == 200U);
    BOOST_TEST(first.out > 100U);
    BOOST_TEST(first.delivered);
    BOOST_TEST(log.seen[1].status == 404U);
    BOOST_TEST(log.seen[1].route == "");
    BOOST_TEST(log.seen[1].in == 5U);
    BOOST_TEST(log.seen[2].status == 400U);
    BOOST_TEST(log.seen[2].method == "");
}

BOOST_AUTO_TEST_CASE(the_access_log_has_no_query) {
    std::string lines;
    {
        runtime::log::output const output{
            {.as = runtime::log::format::json,
             .sink = [&](std::string_view line) { lines.append(line).append("\n"); }}};
        server_setup setup;
        setup.options.hooks.answered = http::write_access_log;
        test_server server{fill, setup};
        raw_client{server.port()}.ask(get("/hello/bob?state=secret"));
        BOOST_TEST(server.stop());
    }
    BOOST_TEST(lines.find("\"/hello/{name}\"") != std::string::npos, lines);
    BOOST_TEST(lines.find("secret") == std::string::npos, lines);
    BOOST_TEST(lines.find("bob") == std::string::npos, lines);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

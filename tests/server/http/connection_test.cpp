// What a client sees of one connection, over a real socket: framing, keep-alive, pipelining, limits,
// refusals.

#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/test_server.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>
#include <string>

namespace connectd::tests {

namespace {

using http::request;
using http::response;
using runtime::task;

task<response> hello(request&) {
    co_return response::text(200, "hello");
}

task<response> echo(request& asked) {
    co_return response::text(200, asked.body);
}

task<response> throws(request&) {
    throw std::runtime_error{"a secret detail"};
    co_return response{};
}

task<response> throws_number(request&) {
    throw 7;
    co_return response{};
}

task<response> describe(request& asked) {
    co_return response::text(200, asked.method + " " + asked.path + " id=" + asked.path_parameter("id") +
                                      " q=" + std::string{asked.query.find("q").value_or("-")} +
                                      " host=" + asked.host + " from=" + asked.remote_address());
}

task<response> big(request&) {
    co_return response::text(200, std::string(3'000'000, 'x'));
}

task<response> leave(request&) {
    co_return response::text(200, "bye").set("Connection", "close");
}

void fill(http::router& routes, boost::asio::io_context&) {
    routes.add("GET", "/hello", hello);
    routes.add("POST", "/echo", echo);
    routes.add("GET", "/throws", throws);
    routes.add("GET", "/throws-number", throws_number);
    routes.add("GET", "/things/{id}", describe);
    routes.add("GET", "/big", big);
    routes.add("GET", "/leave", leave);
}

std::string code_of(raw_response const& answer) {
    auto const begin = answer.body.find("\"code\":\"");
    return begin == std::string::npos
               ? ""
               : answer.body.substr(begin + 8, answer.body.find('"', begin + 8) - begin - 8);
}

struct server_fixture {
    test_server server{fill};
    raw_client client{server.port()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(connection_test, server_fixture)

BOOST_AUTO_TEST_CASE(answers_with_the_headers_every_answer_has) {
    auto const answer = client.ask(get("/hello"));
    BOOST_TEST(answer.status == 200U);
    BOOST_TEST(answer.body == "hello");
    BOOST_TEST(answer.headers.at("content-length") == "5");
    BOOST_TEST(answer.headers.at("x-content-type-options") == "nosniff");
    BOOST_TEST(answer.headers.at("x-request-id").size() == 16U);
    BOOST_TEST(answer.headers.at("date").ends_with(" GMT"));
    BOOST_TEST(!answer.headers.contains("server"));
    BOOST_TEST(!answer.headers.contains("connection"));
}

BOOST_AUTO_TEST_CASE(keeps_the_connection_for_many_requests) {
    for (int round = 0; round < 50; ++round) {
        BOOST_TEST(client.ask(get("/hello")).status == 200U);
        BOOST_TEST(client.ask(post("/echo", "round " + std::to_string(round))).body ==
                   "round " + std::to_string(round));
    }
}

BOOST_AUTO_TEST_CASE(answers_pipelined_requests_in_their_order) {
    std::string all;
    for (int index = 0; index < 200; ++index) {
        all += post("/echo", std::to_string(index));
    }
    client.send(all);
    for (int index = 0; index < 200; ++index) {
        BOOST_REQUIRE_EQUAL(client.read().body, std::to_string(index));
    }
}

BOOST_AUTO_TEST_CASE(closes_when_the_client_asks_for_it) {
    auto const answer = client.ask(get("/hello", "Connection: close\r\n"));
    BOOST_TEST(answer.status == 200U);
    BOOST_TEST(answer.headers.at("connection") == "close");
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(closes_when_the_handler_asks_for_it) {
    BOOST_TEST(client.ask(get("/leave")).headers.at("connection") == "close");
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(http_1_0_closes_unless_asked_to_stay) {
    auto const stays = client.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    BOOST_TEST(stays.status == 200U);
    BOOST_TEST(stays.headers.at("connection") == "keep-alive");
    BOOST_TEST(client.ask("GET /hello HTTP/1.0\r\n\r\n").headers.at("connection") == "close");
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(head_has_the_length_and_no_body) {
    client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n" + get("/hello"));
    auto const head = client.read(true);
    BOOST_TEST(head.status == 200U);
    BOOST_TEST(head.headers.at("content-length") == "5");
    BOOST_TEST(client.read().body == "hello");
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte) {
    for (char const letter : post("/echo", "piece by piece")) {
        client.send({&letter, 1});
    }
    BOOST_TEST(client.read().body == "piece by piece");
}

BOOST_AUTO_TEST_CASE(reads_chunked_bodies_and_ignores_trailers) {
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                "4;name=value\r\nspam\r\n5\r\n eggs\r\n0\r\nX-Request-Id: from-a-trailer\r\n\r\n");
    auto const answer = client.read();
    BOOST_TEST(answer.body == "spam eggs");
    BOOST_TEST(answer.headers.at("x-request-id") != "from-a-trailer");
    BOOST_TEST(client.ask(get("/hello")).status == 200U);
}

BOOST_AUTO_TEST_CASE(tells_a_waiting_client_to_continue) {
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(client.read_line() == "HTTP/1.1 100 Continue");
    BOOST_TEST(client.read_line() == "");
    client.send("body");
    BOOST_TEST(client.read().body == "body");
}

BOOST_AUTO_TEST_CASE(does_not_ask_for_a_body_it_would_refuse) {
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(client.read().status == 413U);
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(refuses_other_expectations) {
    BOOST_TEST(client.ask(get("/hello", "Expect: a-pony\r\n")).status == 417U);
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(decodes_path_query_and_host) {
    BOOST_TEST(client.ask(get("/things/a%2Fb%20c?q=1%2B1+%C3%A4")).body ==
               "GET /things/a/b c id=a/b c q=1+1 \xc3\xa4 host=localhost from=127.0.0.1");
}

BOOST_AUTO_TEST_CASE(takes_absolute_targets_whose_host_wins) {
    client.send("GET http://Example.COM:8080/things/7?q=x HTTP/1.1\r\nHost: other\r\n\r\n");
    BOOST_TEST(client.read().body == "GET /things/7 id=7 q=x host=example.com:8080 from=127.0.0.1");
}

BOOST_AUTO_TEST_CASE(keeps_a_sane_request_id_and_replaces_others) {
    BOOST_TEST(client.ask(get("/hello", "X-Request-Id: abc.DEF_1-2\r\n")).headers.at("x-request-id") ==
               "abc.DEF_1-2");
    BOOST_TEST(client.ask(get("/hello", "X-Request-Id: <script>\r\n")).headers.at("x-request-id").size() ==
               16U);
    BOOST_TEST(client.ask(get("/hello", "X-Request-Id: " + std::string(129, 'a') + "\r\n"))
                   .headers.at("x-request-id")
                   .size() == 16U);
}

BOOST_AUTO_TEST_CASE(says_404_and_405_and_stays_usable) {
    auto const missing = client.ask(get("/nothing"));
    BOOST_TEST(missing.status == 404U);
    BOOST_TEST(code_of(missing) == "not_found");
    BOOST_TEST(missing.headers.at("content-type") == "application/problem+json");
    BOOST_TEST(missing.headers.at("cache-control") == "no-store");
    auto const wrong = client.ask(post("/hello", "x"));
    BOOST_TEST(wrong.status == 405U);
    BOOST_TEST(code_of(wrong) == "method_not_allowed");
    BOOST_TEST(wrong.headers.at("allow") == "GET, HEAD");
    BOOST_TEST(client.ask(get("/hello")).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_a_500_and_ends_nothing_else) {
    for (auto const* const path : {"/throws", "/throws-number"}) {
        auto const answer = client.ask(get(path));
        BOOST_TEST(answer.status == 500U);
        BOOST_TEST(code_of(answer) == "internal_error");
        BOOST_TEST(answer.body.find("secret") == std::string::npos);
    }
    BOOST_TEST(client.ask(get("/hello")).status == 200U);
}

BOOST_AUTO_TEST_CASE(writes_an_answer_larger_than_any_socket_buffer) {
    BOOST_TEST(client.ask(get("/big")).body.size() == 3'000'000U);
    BOOST_TEST(client.ask(get("/hello")).status == 200U);
}

BOOST_AUTO_TEST_CASE(answers_a_client_that_has_finished_sending) {
    client.send(get("/hello"));
    client.finish_sending();
    BOOST_TEST(client.read().status == 200U);
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(ignores_one_empty_line_before_a_request) {
    BOOST_TEST(client.ask("\r\n" + get("/hello")).status == 200U);
    BOOST_TEST(client.ask("\r\n" + get("/hello")).status == 200U);
    BOOST_TEST(client.ask("\r\n\r\n" + get("/hello")).status == 400U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

// Time limits, seen from a client: each test makes one of them short and all others long.

#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/test_server.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>

namespace connectd::tests {

namespace {

using http::request;
using http::response;
using runtime::task;
using namespace std::chrono_literals;

task<response> hello(request&) {
    co_return response::text(200, "hello");
}

task<response> big(request&) {
    co_return response::text(200, std::string(64'000'000, 'x'));
}

// What a handler that is held up tells the test.
struct slow_handler {
    gate door{};
    std::promise<void> entered{};
    std::promise<std::string> ended{};
};

task<response> wait_at(slow_handler& slow, request& asked) {
    slow.entered.set_value();
    co_await slow.door.pass();
    slow.ended.set_value(asked.path); // the request must still be there
    co_return response::text(200, "late");
}

http::timeouts long_timeouts() {
    return {.handshake = 10min,
            .header = 10min,
            .body = 10min,
            .handler = 10min,
            .handler_grace = 1ms,
            .write = 10min,
            .idle = 10min,
            .linger = 10min};
}

struct timeout_fixture {
    http::timeouts limits = long_timeouts();
    slow_handler slow{};
    std::promise<http::answered> reported{};
    std::atomic<int> reports = 0;
    std::unique_ptr<test_server> server{};

    void start() {
        server_setup setup{.options = {.timeouts = limits}};
        setup.options.hooks.answered = [this](http::answered const& answer) {
            if (reports.fetch_add(1) == 0) {
                reported.set_value(answer);
            }
        };
        server = std::make_unique<test_server>(
            [this](http::router& routes, boost::asio::io_context&) {
                routes.add("GET", "/hello", hello);
                routes.add("POST", "/hello", hello);
                routes.add("GET", "/big", big);
                routes.add("GET", "/slow", [this](request& asked) { return wait_at(slow, asked); });
            },
            std::move(setup));
    }

    // Sends `first`, then one more byte of 'a' now and then until the server has something to say.
    raw_response dribble(std::string_view first) {
        raw_client client{server->port()};
        client.send(first);
        int bytes = 0;
        while (!client.readable_soon() && bytes < 15'000) {
            client.send("a");
            ++bytes;
        }
        BOOST_TEST(bytes < 15'000);
        auto answer = client.read();
        BOOST_TEST(client.closed());
        return answer;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(connection_set_test, timeout_fixture)

BOOST_AUTO_TEST_CASE(closes_an_idle_connection_without_a_word) {
    limits.idle = 30ms;
    start();
    raw_client fresh{server->port()};
    BOOST_TEST(fresh.closed());
    raw_client used{server->port()};
    BOOST_TEST(used.ask(get("/hello")).status == 200U);
    BOOST_TEST(used.closed());
}

BOOST_AUTO_TEST_CASE(cuts_a_header_that_dribbles_in) {
    limits.header = 50ms;
    start();
    BOOST_TEST(dribble("GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ").status == 408U);
}

BOOST_AUTO_TEST_CASE(cuts_a_body_that_dribbles_in) {
    limits.body = 50ms;
    start();
    auto const answer = dribble(
        "POST /hello HTTP/1.1\r\nHost: x\r\nX-Request-Id: slow-one\r\nContent-Length: 100000\r\n\r\n");
    BOOST_TEST(answer.status == 408U);
    BOOST_TEST(answer.headers.at("x-request-id") == "slow-one");
}

BOOST_AUTO_TEST_CASE(cuts_a_chunked_body_that_dribbles_in) {
    limits.body = 50ms;
    start();
    BOOST_TEST(
        dribble("POST /hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n").status ==
        408U);
}

BOOST_AUTO_TEST_CASE(answers_for_a_handler_that_takes_too_long_and_lets_it_end) {
    limits.handler = 20ms;
    start();
    raw_client client{server->port()};
    auto const answer = client.ask(get("/slow"));
    BOOST_TEST(answer.status == 503U);
    BOOST_TEST(answer.headers.at("connection") == "close");
    client.close();
    auto ended = slow.ended.get_future();
    BOOST_TEST((ended.wait_for(0s) == std::future_status::timeout));
    server->on_thread([this] { slow.door.open(); });
    BOOST_TEST(ended.get() == "/slow");
    auto const report = reported.get_future().get();
    BOOST_TEST(report.status == 503U);
    BOOST_TEST(raw_client{server->port()}.ask(get("/hello")).status == 200U);
    BOOST_TEST(server->stop());
    BOOST_TEST(reports == 2); // the late end was not reported as a second answer
}

BOOST_AUTO_TEST_CASE(gives_up_on_a_client_that_does_not_read) {
    limits.write = 50ms;
    start();
    raw_client client{server->port()};
    client.send(get("/big"));
    auto const report = reported.get_future().get();
    BOOST_TEST(!report.delivered);
    BOOST_TEST(report.bytes_out < 64'000'000U);
    BOOST_TEST(raw_client{server->port()}.ask(get("/hello")).status == 200U);
}

BOOST_AUTO_TEST_CASE(does_not_wait_forever_for_the_end_of_a_client_it_has_refused) {
    limits.linger = 30ms;
    start();
    raw_client client{server->port()};
    BOOST_TEST(client.ask("nonsense\r\n\r\n").status == 400U);
    // The client keeps its side open; the server lets go of the connection nevertheless.
    BOOST_TEST(client.closed());
    while (server->connections() != 0) {
    }
    BOOST_TEST(server->budget().used() == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_away_does_not_stop_the_handler) {
    start();
    raw_client client{server->port()};
    client.send(get("/slow"));
    slow.entered.get_future().get();
    client.close();
    server->on_thread([this] { slow.door.open(); });
    BOOST_TEST(slow.ended.get_future().get() == "/slow");
    BOOST_TEST(raw_client{server->port()}.ask(get("/hello")).status == 200U);
    BOOST_TEST(server->stop());
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_away_in_mid_request_leaves_nothing_behind) {
    start();
    for (auto const* const part : {"G", "GET /hello HTTP/1.1\r\nHos",
                                   "POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"}) {
        raw_client client{server->port()};
        client.send(part);
    }
    // The last of them may not even have been accepted when none is there.
    while (server->connections() != 0 || server->budget().used() != 0) {
    }
    BOOST_TEST(reports == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

// The wire under the rules: keep-alive, pipelining, and what is no request.
#include "tests/sandbox/stage.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

struct wire : stage {
    answer raw(std::string_view text) {
        client one{pretend.x_url()};
        one.write(text);
        return one.read();
    }
};

BOOST_FIXTURE_TEST_SUITE(connection_test, wire)

BOOST_AUTO_TEST_CASE(a_connection_serves_request_after_request) {
    for (int i = 0; i < 5; ++i) {
        x.write_request("GET", "/2/nothing");
        BOOST_TEST(x.read().status == 404);
    }
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
    x.write("GET /2/nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /2/users/me HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_TEST(x.read().status == 404);
    BOOST_TEST(x.read().status == 401);
}

BOOST_AUTO_TEST_CASE(a_request_may_come_in_any_pieces) {
    std::string const body = "grant_type=none";
    std::string const request = "POST /2/oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Type: "
                                "application/x-www-form-urlencoded\r\nContent-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + body;
    for (char const c : request)
        x.write(std::string_view{&c, 1});
    BOOST_TEST(x.read().text("/error") == "unauthorized_client");
}

BOOST_AUTO_TEST_CASE(a_large_body_keeps_the_head_readable) {
    auto const got =
        x.post_form("/2/oauth2/token", "grant_type=none&padding=" + std::string(300'000, 'a'), {basic()});
    BOOST_TEST(got.text("/error") == "unsupported_grant_type");
}

BOOST_AUTO_TEST_CASE(close_is_honoured) {
    x.write("GET /2/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    auto const got = x.read();
    BOOST_TEST(got.header("connection") == "close");
    BOOST_TEST(x.read_to_end().empty());
    BOOST_TEST(raw("GET /2/nothing HTTP/1.0\r\nHost: a\r\n\r\n").header("connection") == "close");
}

BOOST_AUTO_TEST_CASE(a_client_that_expects_100_continue_gets_it) {
    x.write("POST /2/oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(x.read().status == 100);
    x.write("a");
    BOOST_TEST(x.read().status == 400);
}

BOOST_AUTO_TEST_CASE(a_head_request_gets_no_body) {
    x.write("HEAD /2/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    auto const text = x.read_to_end();
    BOOST_TEST(text.starts_with("HTTP/1.1 404 Not Found\r\n"));
    BOOST_TEST(text.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_refused_and_the_connection_closed) {
    struct {
        std::string text;
        unsigned status;
    } const cases[] = {
        {"nonsense\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"GET nothing HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"G{T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\x01\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n", 413},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(70'000, 'a'), 431},
    };
    for (auto const& each : cases) {
        auto const got = raw(each.text);
        BOOST_TEST(got.status == each.status, each.text.substr(0, 60));
        BOOST_TEST(got.header("connection") == "close");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests

// One request and its answer over a real socket: every form an answer may have, and every way it may go
// wrong.
#include "tests/platforms/http_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <mutex>
#include <string>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests;
using http::pool;
using peer = scripted_server::peer;

constexpr std::size_t huge = 50 * 1024 * 1024;

struct form {
    char const* name;
    std::string bytes;
    bool close;
    unsigned status;
    std::string body;
};

std::ostream& operator<<(std::ostream& out, form const& one) {
    return out << one.name;
}

form const forms[] = {
    {"content length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, 200, "hello"},
    {"chunked",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nX-T: 1\r\n\r\n", false,
     200, "hello"},
    {"until close", "HTTP/1.1 200 OK\r\n\r\nhello", true, 200, "hello"},
    {"http 1.0", "HTTP/1.0 200 OK\r\n\r\nhello", true, 200, "hello"},
    {"continue first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
     false, 200, "hello"},
    {"no content", "HTTP/1.1 204 No Content\r\n\r\n", false, 204, ""},
    {"not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false, 304, ""},
    {"redirect", "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", false, 302, ""},
    {"server error", "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy", false, 503,
     "busy"},
};

struct fault {
    char const* name;
    std::string bytes;
    errc expected;
};

std::ostream& operator<<(std::ostream& out, fault const& one) {
    return out << one.name;
}

// What the server sends before it closes in good order.
fault const faults[] = {
    {"nothing", "", errc::connection_lost},
    {"half a header", "HTTP/1.1 200 OK\r\nContent-Le", errc::connection_lost},
    {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", errc::connection_lost},
    {"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", errc::connection_lost},
    {"no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
     errc::connection_lost},
    {"garbage", "\x16\x03\x01garbage and more of it\r\n\r\n", errc::malformed_response},
    {"html", "<html>502 Bad Gateway</html>\r\n\r\n", errc::malformed_response},
    {"bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", errc::malformed_response},
    {"switched protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n", errc::malformed_response},
    {"length over the limit", "HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n",
     errc::response_too_large},
    {"huge header", "HTTP/1.1 200 OK\r\nX: " + std::string(200000, 'x') + "\r\n\r\n",
     errc::response_too_large},
    {"huge chunk extension",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(200000, 'x') + "\r\n",
     errc::response_too_large},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_exchange_test, http_fixture)

BOOST_DATA_TEST_CASE_F(http_fixture, every_form_of_answer_is_read, forms, one) {
    scripted_server server([&](peer& client) {
        while (!client.read_request().empty()) {
            client.write(one.bytes);
            if (one.close) {
                return client.close();
            }
        }
    });
    pool client(context, names);
    for (int i = 0; i < 3; ++i) {
        auto const found = get(client, server.url("/"));
        BOOST_TEST_REQUIRE(found.has_value(), found.error().message());
        BOOST_TEST(found->status == one.status);
        BOOST_TEST(found->body == one.body);
    }
    BOOST_TEST(server.connections() == (one.close ? 3u : 1u));
}

BOOST_DATA_TEST_CASE_F(http_fixture, every_fault_has_its_error, faults, one) {
    scripted_server server([&](peer& client) {
        if (!client.read_request().empty()) {
            client.write(one.bytes);
            client.close();
        }
    });
    pool client(context, names);
    auto const found = post(client, server.url("/"));
    BOOST_TEST_REQUIRE(!found);
    BOOST_TEST(found.error() == one.expected);
    BOOST_TEST(!certainly_not_processed(found.error()));
    BOOST_TEST(server.connections() == 1u);
    BOOST_TEST(client.counts().open == 0u);
}

BOOST_AUTO_TEST_CASE(a_request_arrives_as_written) {
    std::string seen;
    scripted_server server([&](peer& client) {
        seen = client.read_request();
        client.write(answer("ok"));
    });
    pool client(context, names);
    BOOST_TEST(send(client, {.method = "POST",
                             .url = server.url("/2/oauth2/token?a=%20b"),
                             .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                             .body = "code=1"})
                   .has_value());
    BOOST_TEST(seen ==
               "POST /2/oauth2/token?a=%20b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                   "\r\nContent-Type: application/x-www-form-urlencoded\r\nUser-Agent: connectd\r\n"
                   "Content-Length: 6\r\n\r\ncode=1");
}

BOOST_AUTO_TEST_CASE(a_large_body_arrives_whole) {
    std::size_t received = 0;
    scripted_server server([&](peer& client) {
        received = client.read_request().size();
        client.write(answer("ok"));
    });
    pool client(context, names);
    BOOST_TEST(send(client, {.method = "PUT", .url = server.url("/"), .body = std::string(1 << 20, 'b')})
                   .has_value());
    BOOST_TEST(received > (1u << 20));
}

BOOST_AUTO_TEST_CASE(a_head_has_no_body_whatever_its_length_says) {
    scripted_server server([](peer& client) {
        while (!client.read_request().empty()) {
            client.write("HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n");
        }
    });
    pool client(context, names);
    for (int i = 0; i < 2; ++i) {
        auto const found = send(client, {.method = "HEAD", .url = server.url("/")});
        BOOST_TEST_REQUIRE(found.has_value());
        BOOST_TEST(found->header("Content-length") == "52428800");
    }
    BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed) {
    scripted_server server([](peer& client) {
        while (!client.read_request().empty()) {
            client.write(answer("", "Location: /elsewhere\r\n", "307 Temporary Redirect"));
        }
    });
    pool client(context, names);
    auto const found = get(client, server.url("/"));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->status == 307u);
    BOOST_TEST(found->header("location") == "/elsewhere");
    BOOST_TEST(client.counts().reused == 0u);
}

BOOST_AUTO_TEST_CASE(a_body_arrives_in_drops) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.drip(answer("hello"));
        client.wait_for_close();
    });
    pool client(context, names);
    auto const found = get(client, server.url("/"));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->body == "hello");
}

BOOST_AUTO_TEST_CASE(fifty_megabytes_in_chunks_are_cut_at_the_limit) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.write_bulk(huge, "10000\r\n", "\r\n");
    });
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).error() == errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(fifty_megabytes_until_close_are_cut_at_the_limit) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.write_bulk(huge, "", "");
    });
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).error() == errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(a_caller_may_ask_for_more) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.write_bulk(8 << 20, "", "");
    });
    pool client(context, names);
    auto const found = send(client, {.url = server.url("/"), .max_response_body = 8 << 20});
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->body.size() == 8u << 20);
}

BOOST_AUTO_TEST_CASE(an_answer_given_before_the_whole_request_was_sent_is_read) {
    scripted_server server([](peer& client) {
        client.read_raw();
        client.write(answer("too much", "Connection: close\r\n", "413 Content Too Large"));
        client.wait_for_close();
    });
    pool client(context, names);
    auto const found =
        send(client, {.method = "POST", .url = server.url("/"), .body = std::string(64 * 1024, 'b')});
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->status == 413u);
}

BOOST_AUTO_TEST_CASE(a_reset_after_reading_leaves_the_outcome_open) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.reset();
    });
    pool client(context, names);
    auto const found = post(client, server.url("/"));
    BOOST_TEST(found.error() == errc::connection_lost);
    BOOST_TEST(!certainly_not_processed(found.error()));
    BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_bad_url_or_header_reaches_nobody) {
    scripted_server server([](peer& client) { client.read_request(); });
    pool client(context, names);
    auto const url = get(client, "ftp://127.0.0.1/");
    BOOST_TEST(url.error() == errc::invalid_url);
    BOOST_TEST(certainly_not_processed(url.error()));
    auto const header = send(client, {.url = server.url("/"), .headers = {{"X", "a\r\nY: b"}}});
    BOOST_TEST(header.error() == errc::invalid_request);
    BOOST_TEST(certainly_not_processed(header.error()));
    BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

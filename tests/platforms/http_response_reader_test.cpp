// Answers assembled from bytes, cut at every place a network may cut them. No sockets.
#include "platforms/http/response_reader.hpp"
#include "tests/support/platforms_printing.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

namespace {

using namespace connectd::platforms;
using namespace connectd::platforms::http;

// Feeds `text` in pieces of `size`, like a connection does: what was not consumed comes again with more
// behind it.
result<void> feed_in_pieces(response_reader& reader, std::string_view text, std::size_t size) {
    std::string pending;
    for (std::size_t at = 0; at < text.size() && !reader.done(); at += size) {
        pending += text.substr(at, size);
        auto const consumed = reader.feed(pending);
        if (!consumed) {
            return consumed.error();
        }
        pending.erase(0, *consumed);
    }
    return {};
}

result<response> read(std::string_view text, std::size_t size, bool ends = false, response_limits limits = {},
                      bool head_request = false) {
    response_reader reader;
    reader.start(head_request, limits);
    if (auto const fed = feed_in_pieces(reader, text, size); !fed) {
        return fed.error();
    }
    if (ends && !reader.done()) {
        if (auto const ended = reader.end_of_stream(); !ended) {
            return ended.error();
        }
    }
    if (!reader.done()) {
        return errc::connection_lost;
    }
    return reader.take();
}

struct sample {
    char const* name;
    std::string text;
    bool ends;
    std::string body;
};

std::ostream& operator<<(std::ostream& out, sample const& one) {
    return out << one.name;
}

sample const good[] = {
    {"content length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello", false, "hello"},
    {"empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: b\r\n\r\n", false, ""},
    {"chunked",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\n\r\n",
     false, "hello"},
    {"chunked with trailer",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
     false, "hello"},
    {"until close", "HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nhello", true, "hello"},
    {"http 1.0", "HTTP/1.0 200 OK\r\nX-A: b\r\n\r\nhello", true, "hello"},
    {"interim first",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-A: no\r\nLink: x\r\n\r\n"
     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello",
     false, "hello"},
    {"no reason", "HTTP/1.1 200 \r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello", false, "hello"},
};

std::string const malformed[] = {
    "garbage\r\n\r\n",
    "<html><body>502</body></html>\r\n\r\n",
    "HTTP/2.0 200 OK\r\n\r\n",
    "HTTP/1.1 2x0 OK\r\n\r\n",
    "HTTP/1.1 099 Odd\r\n\r\n",
    "HTTP/1.1 600 Odd\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhelXX\r\n",
};

std::string repeat(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_response_reader_test)

BOOST_DATA_TEST_CASE(an_answer_reads_the_same_however_it_is_cut, good, one) {
    for (std::size_t size = 1; size <= one.text.size(); ++size) {
        auto const found = read(one.text, size, one.ends);
        BOOST_TEST_REQUIRE(found.has_value(), "pieces of " << size);
        BOOST_TEST(found->status == 200u);
        BOOST_TEST(found->body == one.body);
        BOOST_TEST(found->header("x-a") == "b");
        BOOST_TEST(found->header("X-T") == "");
    }
}

BOOST_DATA_TEST_CASE(an_answer_cut_short_is_lost, good, one) {
    std::size_t const header = one.text.find("\r\n\r\n") + 4;
    for (std::size_t size = 1; size < (one.ends ? header : one.text.size()); ++size) {
        auto const found = read(one.text.substr(0, size), size, true);
        BOOST_TEST_REQUIRE(!found, "first " << size << " bytes");
        BOOST_TEST(found.error() == errc::connection_lost);
    }
}

BOOST_DATA_TEST_CASE(what_is_not_http_is_malformed, malformed, text) {
    for (std::size_t const size : {std::size_t{1}, text.size()}) {
        auto const found = read(text, size);
        BOOST_TEST_REQUIRE(!found);
        BOOST_TEST(found.error() == errc::malformed_response);
        BOOST_TEST(!certainly_not_processed(found.error()));
    }
}

BOOST_AUTO_TEST_CASE(endless_interim_answers_are_malformed) {
    auto const found = read(repeat("HTTP/1.1 100 Continue\r\n\r\n", 100), 1000);
    BOOST_TEST(found.error() == errc::malformed_response);
}

BOOST_AUTO_TEST_CASE(a_length_over_the_limit_is_refused_before_the_body) {
    auto const text = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n";
    BOOST_TEST(read(text, 1000, false, {.body = 10}).error() == errc::response_too_large);
    BOOST_TEST(read("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789", 1000, false, {.body = 10})
                   .has_value());
    BOOST_TEST(read("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n", 1000).error() ==
               errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(chunks_over_the_limit_are_refused) {
    std::string const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    BOOST_TEST(read(head + "6\r\n012345\r\n5\r\n", 1, false, {.body = 10}).error() ==
               errc::response_too_large);
    BOOST_TEST(read(head + "ffffffffffffffff\r\n", 1000).error() == errc::response_too_large);
    BOOST_TEST(read(head + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", 1, false, {.body = 10}).has_value());
}

BOOST_AUTO_TEST_CASE(a_body_until_close_is_limited_while_it_comes) {
    std::string const head = "HTTP/1.1 200 OK\r\n\r\n";
    BOOST_TEST(read(head + std::string(11, 'x'), 3, true, {.body = 10}).error() == errc::response_too_large);
    BOOST_TEST(read(head + std::string(10, 'x'), 3, true, {.body = 10}).value().body.size() == 10u);
}

BOOST_AUTO_TEST_CASE(a_header_over_the_limit_is_refused_in_any_shape) {
    std::string const line = "HTTP/1.1 200 OK\r\n";
    response_limits const limits{.header = 1000, .body = 10};
    for (std::size_t const size : {1u, 7u, 5000u}) {
        BOOST_TEST(read(line + "X: " + std::string(5000, 'x'), size, false, limits).error() ==
                   errc::response_too_large);
        BOOST_TEST(read(line + repeat("X: y\r\n", 1000), size, false, limits).error() ==
                   errc::response_too_large);
        BOOST_TEST(read("HTTP/1.1 200 " + std::string(5000, 'x'), size, false, limits).error() ==
                   errc::response_too_large);
        BOOST_TEST(read(line + repeat("X: y\r\n", 50) + "Content-Length: 0\r\n\r\n", size, false, limits)
                       .has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_trailer_over_the_limit_is_refused) {
    std::string const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
    auto const found =
        read(head + repeat("X: y\r\n", 1000) + "\r\n", 100000, false, {.header = 1000, .body = 10});
    BOOST_TEST(found.error() == errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(answers_without_a_body_end_with_their_header) {
    auto const text = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    auto const head = read(text, 1000, false, {.body = 10}, true);
    BOOST_TEST_REQUIRE(head.has_value());
    BOOST_TEST(head->header("content-length") == "1000");
    BOOST_TEST(read("HTTP/1.1 204 No Content\r\n\r\n", 1).value().status == 204u);
    BOOST_TEST(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 1).value().status == 304u);
}

BOOST_AUTO_TEST_CASE(what_follows_the_answer_is_left_alone) {
    response_reader reader;
    reader.start(false, {});
    std::string const text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    BOOST_TEST(reader.feed(text + "HTTP/1.1 200").value() == text.size());
    BOOST_TEST(reader.done());
}

BOOST_AUTO_TEST_CASE(the_server_says_whether_the_connection_stays) {
    auto const keeps = [](std::string const& head) {
        response_reader reader;
        reader.start(false, {});
        BOOST_TEST_REQUIRE(reader.feed(head + "Content-Length: 0\r\n\r\n").has_value());
        return reader.keeps_connection();
    };
    BOOST_TEST(keeps("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(!keeps("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
    BOOST_TEST(!keeps("HTTP/1.1 200 OK\r\nConnection: x, Close\r\n"));
    BOOST_TEST(!keeps("HTTP/1.0 200 OK\r\n"));
    BOOST_TEST(keeps("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
}

BOOST_AUTO_TEST_CASE(the_announced_idle_timeout_is_read) {
    auto const timeout = [](std::string const& value) {
        response_reader reader;
        reader.start(false, {});
        auto const fed =
            reader.feed("HTTP/1.1 200 OK\r\nKeep-Alive: " + value + "\r\nContent-Length: 0\r\n\r\n");
        BOOST_TEST_REQUIRE(fed.has_value());
        auto const found = reader.keep_alive_timeout();
        return found ? found->count() : -1;
    };
    BOOST_TEST(timeout("timeout=5") == 5);
    BOOST_TEST(timeout("max=100, Timeout=15") == 15);
    BOOST_TEST(timeout("max=100") == -1);
    BOOST_TEST(timeout("timeout=") == -1);
    BOOST_TEST(timeout("timeout=x") == -1);
    BOOST_TEST(timeout("timeout=99999999999999") == -1);
}

BOOST_AUTO_TEST_CASE(a_reader_serves_one_answer_after_another) {
    response_reader reader;
    for (int i = 0; i < 3; ++i) {
        reader.start(false, {});
        BOOST_TEST(
            reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(i)).has_value());
        auto const found = reader.take();
        BOOST_TEST(found.body == std::to_string(i));
        BOOST_TEST(found.headers.size() == 1u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

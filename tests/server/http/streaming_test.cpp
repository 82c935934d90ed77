// Bodies that are larger than what the server would hold, over a real socket: who reads slowly slows the
// other side down, and who breaks off is noticed.

#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/test_server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <future>
#include <span>
#include <string>

#include <sys/socket.h>

namespace connectd::tests {

namespace {

using http::body_stream;
using http::request;
using http::response;
using runtime::task;
using piece_result = boost::system::result<std::size_t>;

constexpr std::size_t large = 64 * 1024 * 1024;
// More than the kernel keeps for the two sockets of a connection, and far less than `large`.
constexpr std::size_t in_between = 24 * 1024 * 1024;

char letter_at(std::size_t place) {
    return static_cast<char>('a' + place % 23);
}

// The handlers of one test and what they saw.
struct stage {
    std::atomic<std::size_t> taken{0};
    std::atomic<std::size_t> given{0};
    std::atomic<bool> in_order{true};
    std::promise<bool> broken_off{};
    gate held{};

    task<response> count(request& asked) {
        std::array<char, 10'000> piece{};
        for (;;) {
            auto const got = co_await asked.read_body(piece);
            if (!got) {
                broken_off.set_value(true);
                co_return response::text(200, "nobody reads this");
            }
            if (*got == 0) {
                co_return response::text(200, std::to_string(taken.load()));
            }
            for (std::size_t index = 0; index < *got; ++index) {
                in_order = in_order && piece[index] == letter_at(taken + index);
            }
            taken += *got;
        }
    }

    task<response> count_later(request& asked) {
        co_await held.pass();
        co_return co_await count(asked);
    }

    task<piece_result> produce(std::size_t total, std::span<char> into) {
        auto const size = std::min({into.size(), total - given.load(), std::size_t{50'000}});
        for (std::size_t index = 0; index < size; ++index) {
            into[index] = letter_at(given + index);
        }
        given += size;
        co_return size;
    }

    task<response> give(std::size_t total, bool sized) {
        response answer{};
        answer.stream.emplace([this, total](std::span<char> into) { return produce(total, into); });
        if (sized) {
            answer.stream->length = total;
        }
        co_return answer;
    }

    task<piece_result> fail(std::span<char> into) {
        if (given != 0) {
            co_return make_error_code(boost::system::errc::io_error);
        }
        co_return co_await produce(3, into);
    }

    task<response> give_and_fail(request&) {
        response answer{};
        answer.stream.emplace([this](std::span<char> into) { return fail(into); });
        co_return answer;
    }

    static task<response> ignore(request&) { co_return response::text(403, "no"); }

    void fill(http::router& routes, boost::asio::io_context&) {
        using http::bodies;
        routes.add("POST", "/count", [this](request& asked) { return count(asked); }, bodies::streamed);
        routes.add("POST", "/later", [this](request& asked) { return count_later(asked); }, bodies::streamed);
        routes.add("POST", "/ignore", ignore, bodies::streamed);
        routes.add("POST", "/whole", ignore);
        routes.add("GET", "/large", [this](request&) { return give(large, true); });
        routes.add("GET", "/chunked", [this](request&) { return give(120'000, false); });
        routes.add("GET", "/short", [this](request&) { return give(5, false); });
        routes.add("GET", "/broken", [this](request& asked) { return give_and_fail(asked); });
    }
};

struct streaming_fixture {
    stage seen;
    server_setup setup{};
    test_server server;
    raw_client client;

    explicit streaming_fixture(std::chrono::milliseconds patience = std::chrono::seconds{30})
        : setup{with(patience)},
          server{[this](auto& routes, auto& context) { seen.fill(routes, context); }, setup},
          client{server.port()} {}

    static server_setup with(std::chrono::milliseconds patience) {
        server_setup made{};
        made.options.timeouts.body = patience;
        return made;
    }
};

std::string body_of(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t index = 0; index < size; ++index) {
        text[index] = letter_at(index);
    }
    return text;
}

std::string head_of(std::string_view path, std::string_view framing) {
    return "POST " + std::string{path} + " HTTP/1.1\r\nHost: x\r\n" + std::string{framing} + "\r\n\r\n";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(streaming_test, streaming_fixture)

BOOST_AUTO_TEST_CASE(a_handler_that_does_not_read_holds_the_client_up) {
    auto const body = body_of(large);
    client.send(head_of("/later", "Content-Length: " + std::to_string(large)));
    std::size_t sent = 0;
    for (;;) {
        auto const more = ::send(client.descriptor(), body.data() + sent, large - sent, MSG_DONTWAIT);
        if (more <= 0) {
            break;
        }
        sent += static_cast<std::size_t>(more);
    }
    BOOST_TEST(sent < in_between);
    server.on_thread([this] { seen.held.open(); });
    client.send(std::string_view{body}.substr(sent));
    BOOST_TEST(client.read().body == std::to_string(large));
    BOOST_TEST(seen.in_order);
    BOOST_TEST(client.ask(head_of("/count", "Content-Length: 0")).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_holds_the_source_up) {
    client.send(get("/large"));
    std::size_t received = 0;
    std::size_t ahead = 0;
    std::string piece(16 * 1024, '\0');
    while (received < large) {
        auto const more = ::recv(client.descriptor(), piece.data(), piece.size(), 0);
        BOOST_REQUIRE_GT(more, 0);
        received += static_cast<std::size_t>(more);
        auto const given = seen.given.load();
        ahead = std::max(ahead, given > received ? given - received : 0);
    }
    BOOST_TEST(ahead < in_between);
    BOOST_TEST(seen.given == large);
}

BOOST_AUTO_TEST_CASE(takes_chunks_and_whole_bodies_without_limit) {
    auto const body = body_of(3'000'000); // three times what other routes take
    BOOST_TEST(client.ask(post("/count", body)).body == "3000000");
    seen.taken = 0;
    client.send(head_of("/count", "Transfer-Encoding: chunked"));
    for (std::size_t at = 0; at < body.size(); at += 0x4000) {
        auto const piece = std::string_view{body}.substr(at, 0x4000);
        std::array<char, 16> size{};
        client.send({size.data(), std::to_chars(size.data(), size.data() + 16, piece.size(), 16).ptr});
        client.send("\r\n" + std::string{piece} + "\r\n");
    }
    client.send("0\r\n\r\n" + get("/short", "Connection: close\r\n"));
    BOOST_TEST(client.read().body == "3000000");
    BOOST_TEST(seen.in_order);
    BOOST_TEST(client.read_to_end().ends_with("\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(other_routes_keep_their_limit) {
    client.send(head_of("/whole", "Transfer-Encoding: chunked") + "200000\r\n");
    BOOST_TEST(client.read().status == 413U);
}

BOOST_AUTO_TEST_CASE(an_answer_without_length_comes_in_chunks) {
    client.send(get("/chunked", "Connection: close\r\n"));
    auto rest = client.read_to_end();
    BOOST_TEST(rest.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    BOOST_TEST(rest.find("Content-Length") == std::string::npos);
    rest.erase(0, rest.find("\r\n\r\n") + 4);
    std::string body;
    for (std::size_t size = 1; size != 0;) {
        std::size_t digits = 0;
        size = std::stoul(rest, &digits, 16);
        body += rest.substr(digits + 2, size);
        BOOST_REQUIRE_EQUAL(rest.substr(digits + 2 + size, 2), "\r\n");
        rest.erase(0, digits + 2 + size + 2);
    }
    BOOST_TEST((body == body_of(120'000)));
    BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_CASE(an_old_client_reads_to_the_end) {
    client.send("GET /short HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    auto const answer = client.read_to_end();
    BOOST_TEST(answer.find("Transfer-Encoding") == std::string::npos);
    BOOST_TEST(answer.ends_with("\r\n\r\nabcde"));
}

BOOST_AUTO_TEST_CASE(head_gets_the_head_alone) {
    client.send("HEAD /large HTTP/1.1\r\nHost: x\r\n\r\n" + get("/short", "Connection: close\r\n"));
    BOOST_TEST(client.read(true).headers.at("content-length") == std::to_string(large));
    BOOST_TEST(client.read_to_end().ends_with("abcde\r\n0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_ends_the_connection_and_no_chunk_says_it_was_whole) {
    client.send(get("/broken"));
    BOOST_TEST(client.read_to_end().ends_with("\r\n\r\n3\r\nabc\r\n"));
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_body_is_read_closes) {
    client.send(head_of("/ignore", "Content-Length: 1000000") + "abc");
    auto const answer = client.read();
    BOOST_TEST(answer.status == 403U);
    BOOST_TEST(answer.headers.at("connection") == "close");
    client.finish_sending();
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(a_waiting_client_is_told_to_continue_when_the_handler_reads) {
    BOOST_TEST(client.ask(head_of("/ignore", "Content-Length: 4\r\nExpect: 100-continue")).status == 403U);
    raw_client other{server.port()};
    other.send(head_of("/count", "Content-Length: 4\r\nExpect: 100-continue"));
    BOOST_TEST(other.read_line() == "HTTP/1.1 100 Continue");
    BOOST_TEST(other.read_line() == "");
    other.send("abcd");
    BOOST_TEST(other.read().body == "4");
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_ends_the_reading) {
    client.send(head_of("/count", "Content-Length: 1000000") + "abc");
    client.close();
    BOOST_TEST(seen.broken_off.get_future().get());
    BOOST_TEST(seen.taken <= 3U);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_none_is_refused_whatever_the_handler_says) {
    BOOST_TEST(client.ask(head_of("/count", "Transfer-Encoding: chunked") + "nonsense\r\n").status == 400U);
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(a_body_that_stops_coming_is_given_up) {
    streaming_fixture hurried{std::chrono::milliseconds{40}};
    auto const answer = hurried.client.ask(head_of("/count", "Content-Length: 10") + "abc");
    BOOST_TEST(answer.status == 408U);
    BOOST_TEST(hurried.seen.broken_off.get_future().get());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

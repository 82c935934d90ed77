// Bodies passed on piece by piece over a real socket, with no more of them in memory than a few pieces.
#include "tests/platforms/http_fixture.hpp"
#include "tests/platforms/scripted_client.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests;
using http::pool;
using peer = scripted_server::peer;

constexpr std::size_t large = 64 * 1024 * 1024;
// More than the kernel keeps for the two ends of a connection, and far less than `large`.
constexpr std::size_t in_between = 24 * 1024 * 1024;

char letter_at(std::size_t place) {
    return static_cast<char>('a' + place % 23);
}

// A body that is made while it is asked for.
struct source {
    std::size_t total;
    std::size_t at = 0;
    std::size_t largest = 0;
    result<std::size_t> end = std::size_t{0};

    connectd::platforms::task<result<std::size_t>> read(std::span<char> into) {
        std::size_t const size = std::min({into.size(), total - at, std::size_t{40'000}});
        for (std::size_t i = 0; i < size; ++i) {
            into[i] = letter_at(at + i);
        }
        at += size;
        largest = std::max(largest, into.size());
        co_return size == 0 ? end : result<std::size_t>(size);
    }
};

struct stream_fixture : http_fixture {
    source body{.total = 0};

    http::streamed_request upload(std::string url, std::size_t size, bool sized, std::string first = {}) {
        body = {.total = size};
        http::streamed_request what{
            .head = {.method = "POST", .url = std::move(url), .body = std::move(first)}};
        what.rest = [this](std::span<char> into) { return body.read(into); };
        if (sized) {
            what.length = what.head.body.size() + size;
        }
        return what;
    }

    result<http::streamed_response> open(http::client& by, http::streamed_request what,
                                         deadline until = late()) {
        return run(context, by.open(std::move(what), until));
    }

    result<std::string> rest_of(http::streamed_response& answer) {
        std::string all;
        std::array<char, 3000> piece;
        for (;;) {
            auto const got = run(context, answer.body(piece));
            if (!got) {
                return got.error();
            }
            if (*got == 0) {
                return all;
            }
            all.append(piece.data(), *got);
        }
    }
};

std::string const chunked_hello =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";

// Reads a whole chunked body, as strictly as it has to be written.
std::string read_chunks(peer& from, std::string bytes) {
    std::string all;
    auto const need = [&](std::size_t size) {
        while (bytes.size() < size) {
            auto const more = from.read_raw();
            if (more.empty()) {
                return false;
            }
            bytes += more;
        }
        return true;
    };
    for (;;) {
        std::size_t line = bytes.find("\r\n");
        while (line == std::string::npos) {
            if (!need(bytes.size() + 1)) {
                return "cut";
            }
            line = bytes.find("\r\n");
        }
        std::size_t const size = std::stoul(bytes.substr(0, line), nullptr, 16);
        if (!need(line + 2 + size + 2) || bytes.substr(line + 2 + size, 2) != "\r\n") {
            return "cut";
        }
        all += bytes.substr(line + 2, size);
        bytes.erase(0, line + 2 + size + 2);
        if (size == 0) {
            return all;
        }
    }
}

bool in_order(std::string_view body) {
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] != letter_at(i)) {
            return false;
        }
    }
    return true;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_stream_test, stream_fixture)

BOOST_AUTO_TEST_CASE(a_sized_body_goes_out_whole_behind_what_came_first) {
    scripted_server server([](peer& client) {
        auto const request = client.read_request();
        auto const body = request.substr(request.find("\r\n\r\n") + 4);
        bool const sized = request.find("Content-Length: 1000005\r\n") != std::string::npos;
        client.write(answer(sized && body.starts_with("first") && in_order(body.substr(5)) ? "good" : "bad"));
    });
    pool by(context, names);
    auto got = open(by, upload(server.url("/"), 1'000'000, true, "first"));
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(rest_of(*got).value() == "good");
    BOOST_TEST(body.largest <= 64u * 1024u);
    BOOST_TEST(by.counts().idle == 1u);
}

BOOST_AUTO_TEST_CASE(a_body_of_unknown_length_goes_out_in_chunks) {
    scripted_server server([](peer& client) {
        auto head = client.read_raw();
        while (head.find("\r\n\r\n") == std::string::npos) {
            head += client.read_raw();
        }
        auto const end = head.find("\r\n\r\n") + 4;
        bool const told = head.find("Transfer-Encoding: chunked\r\n") != std::string::npos &&
                          head.find("Content-Length") == std::string::npos;
        auto const all = read_chunks(client, head.substr(end));
        client.write(answer(told && all.size() == 300'010 && in_order(all.substr(10)) ? "good" : "bad"));
    });
    pool by(context, names);
    auto got = open(by, upload(server.url("/"), 300'000, false, "ten bytes!"));
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(rest_of(*got).value() == "good");
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_read_holds_the_source_up) {
    std::atomic<std::size_t> asked{0};
    std::atomic<std::size_t> read{0};
    std::atomic<std::size_t> ahead{0};
    scripted_server server([&](peer& client) {
        for (std::string more = client.read_raw(); read < large && !more.empty(); more = client.read_raw()) {
            read += more.size();
            std::size_t const now = asked;
            ahead = std::max<std::size_t>(ahead, now > read ? now - read : 0);
            if (read >= large) {
                break;
            }
        }
        client.write(answer("done"));
    });
    pool by(context, names);
    auto what = upload(server.url("/"), large, true);
    what.rest = [&](std::span<char> into) {
        asked = body.at;
        return body.read(into);
    };
    auto got = open(by, std::move(what));
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(rest_of(*got).value() == "done");
    BOOST_TEST(ahead < in_between);
}

BOOST_AUTO_TEST_CASE(who_does_not_read_an_answer_holds_the_server_up) {
    std::atomic<std::size_t> written{0};
    scripted_server server([&](peer& client) {
        client.read_request();
        client.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large) + "\r\n\r\n");
        std::string const piece(64 * 1024, 'x');
        while (written < large && client.write(piece)) {
            written += piece.size();
        }
    });
    pool by(context, names);
    auto got = open(by, {.head = {.url = server.url("/")}});
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST((got->length == large));
    std::array<char, 16 * 1024> piece;
    std::size_t ahead = 0;
    for (std::size_t received = 0; received < large;) {
        auto const more = run(context, got->body(piece));
        BOOST_TEST_REQUIRE((more && *more > 0));
        received += *more;
        std::size_t const now = written;
        ahead = std::max(ahead, now > received ? now - received : 0);
    }
    BOOST_TEST(ahead < in_between);
    BOOST_TEST(by.counts().idle == 1u); // without asking for the end of what has a length
}

BOOST_AUTO_TEST_CASE(the_header_is_there_before_the_body_and_the_connection_is_kept_after_it) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write(chunked_hello);
        client.read_request();
        client.write("HTTP/1.1 204 No Content\r\n\r\n");
        client.wait_for_close();
    });
    pool by(context, names);
    auto got = open(by, {.head = {.url = server.url("/")}});
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->head.header("x-a") == "b");
    BOOST_TEST(!got->length.has_value());
    BOOST_TEST(rest_of(*got).value() == "hello");
    auto empty = open(by, {.head = {.url = server.url("/")}});
    BOOST_TEST_REQUIRE(empty.has_value());
    BOOST_TEST(by.counts().idle == 1u);
    BOOST_TEST(rest_of(*empty).value() == "");
    BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_dropped_closes_its_connection) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        client.wait_for_close();
    });
    pool by(context, names);
    open(by, {.head = {.url = server.url("/")}}).value();
    BOOST_TEST(by.counts().open == 0u);
    server.wait_for_scripts(1);
}

BOOST_AUTO_TEST_CASE(an_early_refusal_is_heard_although_the_body_is_not_taken) {
    scripted_server server([](peer& client) {
        client.read_raw();
        client.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndead");
        client.close();
    });
    pool by(context, names);
    auto got = open(by, upload(server.url("/"), large, true));
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->head.status == 401u);
    BOOST_TEST(rest_of(*got).value() == "dead");
    BOOST_TEST(body.at < large);
    BOOST_TEST(by.counts().open == 0u);
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_fails_the_request) {
    scripted_server server([](peer& client) { client.wait_for_close(); });
    pool by(context, names);
    auto what = upload(server.url("/"), 100'000, false);
    body.end = errc::cancelled;
    BOOST_TEST(open(by, std::move(what)).error() == errc::cancelled);
    auto shorter = upload(server.url("/"), 100'000, true);
    shorter.length = 200'000;
    BOOST_TEST(open(by, std::move(shorter)).error() == errc::invalid_request);
    BOOST_TEST(by.counts().open == 0u);
}

BOOST_DATA_TEST_CASE(a_body_that_breaks_off_is_lost,
                     boost::unit_test::data::make({"Content-Length: 10\r\n\r\nhello",
                                                   "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                                                   "Transfer-Encoding: chunked\r\n\r\n5\r\nhel"}),
                     rest) {
    scripted_server server([&](peer& client) {
        client.read_request();
        client.write(std::string("HTTP/1.1 200 OK\r\n") + rest);
        client.close();
    });
    pool by(context, names);
    auto got = open(by, {.head = {.url = server.url("/")}});
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(rest_of(*got).error() == errc::connection_lost);
    BOOST_TEST(by.counts().open == 0u);
}

BOOST_AUTO_TEST_CASE(each_wait_has_its_patience) {
    scripted_server server([](peer& client) {
        client.read_request();
        if (client.index() == 1) {
            client.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        }
        client.wait_for_close();
    });
    pool by(context, names);
    http::streamed_request what{.head = {.url = server.url("/")}, .patience = std::chrono::milliseconds(50)};
    BOOST_TEST(open(by, what).error() == errc::timed_out);
    auto got = open(by, what);
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(rest_of(*got).error() == errc::timed_out);
}

BOOST_AUTO_TEST_CASE(an_answer_outlives_its_pool) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        client.wait_for_close();
    });
    auto by = std::make_unique<pool>(context, names);
    auto got = open(*by, {.head = {.url = server.url("/")}});
    BOOST_TEST_REQUIRE(got.has_value());
    by.reset();
    BOOST_TEST(rest_of(*got).error() == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(a_double_gathers_what_it_is_given) {
    scripted_client by;
    by.answer(201, "made", {{"Location", "/1"}});
    auto got = open(by, upload("https://api.example/", 10'000, true, "first"));
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->head.header("Location") == "/1");
    BOOST_TEST((got->length == 4u));
    BOOST_TEST(rest_of(*got).value() == "made");
    BOOST_TEST(by.sent.front().body.size() == 10'005u);
}

BOOST_AUTO_TEST_SUITE_END()

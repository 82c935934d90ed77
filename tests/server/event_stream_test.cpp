// Events as they happen, over a socket that stays open.
#include "tests/server/whole_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <list>

namespace connectd::tests {
namespace {

// A reader that waits for what it is told to wait for; a stream that never says it ends the test by its
// server's end.
class stream_reader {
  public:
    stream_reader(std::string const& url, std::string const& key, std::string const& query = {},
                  std::string const& headers = {}) {
        auto const port = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        boost::asio::write(socket_, boost::asio::buffer("GET /v1/events/stream" + query +
                                                        " HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " +
                                                        key + "\r\n" + headers + "\r\n"));
    }

    // Everything up to the next of these words, and with it.
    std::string until(std::string_view words) {
        auto const size = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(text_), words);
        auto const part = text_.substr(0, size);
        text_.erase(0, size);
        return part;
    }
    std::string rest() {
        boost::system::error_code error;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(text_), error);
        return text_;
    }

  private:
    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::socket socket_{io_};
    std::string text_;
};

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(event_stream_test, whole_server)

BOOST_AUTO_TEST_CASE(an_event_is_sent_when_it_happens) {
    connect_x("ada");
    stream_reader reader{url(), home.key};
    auto const head = reader.until("retry: ");
    BOOST_TEST(head.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(says(head, "text/event-stream"));
    auto const account = connect_x("ben");
    auto const told = reader.until("\n\n") + reader.until("\n\n");
    BOOST_TEST(says(told, "event: account.connected\ndata: {"));
    BOOST_TEST(says(told, account));
}

BOOST_AUTO_TEST_CASE(a_client_that_comes_back_misses_nothing) {
    auto const first = connect_x("ada");
    auto const seen = ask("GET", "/v1/events").text("/data/0/id");
    auto const second = connect_x("ben");
    stream_reader reader{url(), home.key, "", "Last-Event-ID: " + seen + "\r\n"};
    auto const told = reader.until("event: ") + reader.until("\n\n");
    BOOST_TEST(says(told, second));
    BOOST_TEST(!says(told, first));
    stream_reader chosen{url(), home.key, "?after=" + seen + "&account_id=" + second};
    BOOST_TEST(says(chosen.until("event: ") + chosen.until("\n\n"), second));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_server_is_the_end_of_the_stream) {
    stream_reader reader{url(), home.key};
    reader.until("retry: ");
    connect_x("ada");
    leave();
    auto const rest = reader.rest();
    BOOST_TEST(says(rest, "event: account.connected"));
    BOOST_TEST(rest.ends_with("0\r\n\r\n")); // whole
}

BOOST_AUTO_TEST_CASE(streams_want_their_scope_and_are_bounded) {
    BOOST_TEST(refusal(ask_as(make_key(home, {"accounts:read"}), "GET", "/v1/events/stream")) ==
               "403 scope_missing");
    BOOST_TEST(refusal(ask("GET", "/v1/events/stream?after=evt_1")) == "404 event_not_found");
    std::list<stream_reader> open;
    std::string head;
    for (int count = 0; count < 40 && !says(head, " 429 "); ++count) {
        head = open.emplace_back(url(), home.key).until("\r\n");
    }
    BOOST_TEST(says(head, " 429 "));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests

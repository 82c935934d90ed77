// One deadline covers everything, and the error says whether the request may have been processed. Deadlines
// are short here because each of these requests would otherwise hang; nothing measures time.
#include "tests/platforms/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <future>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests;
using http::pool;
using peer = scripted_server::peer;

void silent(peer& client) {
    client.wait_for_close();
}

void hang_after_reading(peer& client) {
    client.read_request();
    client.wait_for_close();
}

// Accepts and reads nothing.
void silent_reader(peer& client) {
    client.wait_for_stop();
}

// A listening socket that nobody accepts from and whose queue is full: the kernel drops further attempts to
// connect.
class full_listener {
  public:
    full_listener() {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address_;
        ::bind(listener_, generic(), length);
        ::listen(listener_, 0);
        ::getsockname(listener_, generic(), &length);
        for (int& one : fillers_) {
            one = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            ::connect(one, generic(), length);
        }
    }
    ~full_listener() {
        for (int const one : fillers_) {
            ::close(one);
        }
        ::close(listener_);
    }
    full_listener(full_listener const&) = delete;
    full_listener& operator=(full_listener const&) = delete;

    std::string url(std::string const& host = "127.0.0.1") const {
        return "http://" + host + ":" + std::to_string(ntohs(address_.sin_port)) + "/";
    }

  private:
    sockaddr* generic() { return static_cast<sockaddr*>(static_cast<void*>(&address_)); }
    sockaddr_in address_{};
    int listener_ = -1;
    int fillers_[4] = {-1, -1, -1, -1};
};

void check_unsent(result<http::response> const& found) {
    BOOST_TEST_REQUIRE(!found);
    BOOST_TEST(found.error() == errc::timed_out_unsent);
    BOOST_TEST(certainly_not_processed(found.error()));
}

bool is_timeout(result<http::response> const& found) {
    return found.error() == errc::timed_out || found.error() == errc::timed_out_unsent;
}

// A machine under load may need longer than a short deadline to get as far as sending: then the deadline is
// made longer, up to a minute. What must come out in the end is that the request left and nobody answered.
struct deadline_fixture : http_fixture {
    void check_sent(pool& client, http::request const& what) {
        result<http::response> found = errc::timed_out_unsent;
        for (int wait = 100; wait < 60000 && found.error() == errc::timed_out_unsent; wait *= 2) {
            found = send(client, what, std::chrono::steady_clock::now() + std::chrono::milliseconds(wait));
            BOOST_TEST_REQUIRE(!found);
        }
        BOOST_TEST(found.error() == errc::timed_out);
        BOOST_TEST(!certainly_not_processed(found.error()));
        BOOST_TEST(client.counts().open == 0u);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_deadline_test, deadline_fixture)

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed_sends_nothing) {
    scripted_server server(hang_after_reading);
    pool client(context, names);
    check_unsent(post(client, server.url("/"), std::chrono::steady_clock::now()));
    BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(resolving_is_covered) {
    std::promise<void> release;
    auto const released = release.get_future().share();
    http::resolver hanging({.lookup = [released](std::string const&) -> result<http::addresses> {
        released.wait();
        return errc::resolve_failed;
    }});
    pool client(context, hanging);
    check_unsent(get(client, "http://slow.test/", soon()));
    release.set_value();
}

BOOST_AUTO_TEST_CASE(connecting_is_covered) {
    full_listener listener;
    pool client(context, names);
    check_unsent(get(client, listener.url(), soon()));
    BOOST_TEST(client.counts().open == 0u);
}

BOOST_AUTO_TEST_CASE(the_tls_handshake_is_covered) {
    scripted_server server(silent);
    pool client(context, names);
    check_unsent(get(client, "https://127.0.0.1:" + std::to_string(server.port()) + "/", soon()));
}

BOOST_AUTO_TEST_CASE(waiting_for_a_connection_is_covered) {
    scripted_server server(hang_after_reading);
    pool client(context, names, {.connections_per_origin = 1});
    auto const first = start(context, client.send({.url = server.url("/")}, late()));
    check_unsent(get(client, server.url("/"), soon()));
    BOOST_TEST(client.counts().waiting == 0u);
    client.cancel();
    finish(context, first);
}

BOOST_AUTO_TEST_CASE(writing_is_covered) {
    scripted_server server(silent_reader);
    pool client(context, names);
    check_sent(client, {.method = "POST", .url = server.url("/"), .body = std::string(64 << 20, 'b')});
}

BOOST_AUTO_TEST_CASE(waiting_for_the_answer_is_covered) {
    scripted_server server(hang_after_reading);
    pool client(context, names);
    check_sent(client, {.method = "POST", .url = server.url("/")});
}

BOOST_AUTO_TEST_CASE(a_dripping_header_is_covered) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.drip("HTTP/1.1 200 OK\r\nX: " + std::string(20000, 'x'));
    });
    pool client(context, names);
    check_sent(client, {.url = server.url("/")});
}

BOOST_AUTO_TEST_CASE(a_dripping_body_is_covered) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write("HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n");
        client.drip(std::string(20000, 'x'));
    });
    pool client(context, names);
    check_sent(client, {.url = server.url("/")});
}

BOOST_AUTO_TEST_CASE(one_timer_serves_every_deadline) {
    scripted_server server(hang_after_reading);
    pool client(context, names);
    auto const now = std::chrono::steady_clock::now();
    auto const last = start(context, client.send({.url = server.url("/")}, late()));
    auto const second =
        start(context, client.send({.url = server.url("/")}, now + std::chrono::milliseconds(200)));
    auto const first =
        start(context, client.send({.url = server.url("/")}, now + std::chrono::milliseconds(100)));
    BOOST_TEST(is_timeout(finish(context, first)));
    BOOST_TEST(is_timeout(finish(context, second)));
    BOOST_TEST(!last->finished);
    client.cancel();
    BOOST_TEST(!finish(context, last).has_value());
}

BOOST_AUTO_TEST_CASE(an_address_that_refuses_is_followed_by_the_next) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write(answer("ok"));
    });
    // The server listens on 127.0.0.1 only.
    http::resolver two({.lookup = [](std::string const&) -> result<http::addresses> {
        return http::addresses{boost::asio::ip::make_address("127.0.0.2"),
                               boost::asio::ip::make_address("127.0.0.1")};
    }});
    pool client(context, two);
    BOOST_TEST(get(client, server.url("/", "two.test")).has_value());
}

BOOST_AUTO_TEST_CASE(an_address_that_does_not_answer_leaves_time_for_the_next) {
    full_listener dead;
    http::resolver two({.lookup = [](std::string const&) -> result<http::addresses> {
        return http::addresses{boost::asio::ip::make_address("127.0.0.1"),
                               boost::asio::ip::make_address("127.0.0.2")};
    }});
    pool client(context, two, {.connect_attempt = std::chrono::milliseconds(50)});
    // The first address swallows the attempt, the second refuses it: the attempt was given up long before the
    // deadline.
    BOOST_TEST(get(client, dead.url("two.test")).error() == errc::connect_failed);
}

BOOST_AUTO_TEST_CASE(a_watch_lets_the_context_run_dry_once_told_to) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write(answer("ok"));
        client.wait_for_close();
    });
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).has_value());
    client.close();
    context.restart();
    context.run(); // would take two minutes if the deadline's timer were still armed
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_SUITE_END()

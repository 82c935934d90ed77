// How a pool ends: politely, at once, by its caller's cancellation, and together with its io_context in any
// order. Memory and descriptors are watched by the sanitizers.
#include "tests/platforms/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests;
using http::pool;
using peer = scripted_server::peer;

void serve(peer& client) {
    while (!client.read_request().empty()) {
        client.write(answer("ok"));
    }
}

// Answers when the test has had its way with the client: the second connection is the signal.
void hang_after_reading(peer& client) {
    client.read_request();
    client.wait_for_close();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_shutdown_test, http_fixture)

BOOST_AUTO_TEST_CASE(a_closed_pool_sends_nothing_more) {
    scripted_server server(serve);
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).has_value());
    client.close();
    BOOST_TEST(client.counts().open == 0u);
    auto const found = get(client, server.url("/"));
    BOOST_TEST(found.error() == errc::cancelled_unsent);
    BOOST_TEST(certainly_not_processed(found.error()));
    client.close();
}

BOOST_AUTO_TEST_CASE(closing_lets_requests_under_way_finish) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.drip(answer("slow"));
        client.wait_for_close();
    });
    pool client(context, names, {.connections_per_origin = 1});
    auto const busy = start(context, client.send({.url = server.url("/")}, late()));
    auto const waiting = start(context, client.send({.url = server.url("/")}, late()));
    while (client.counts().waiting == 0) {
        context.run_one();
    }
    client.close();
    BOOST_TEST(finish(context, waiting).error() == errc::cancelled_unsent);
    BOOST_TEST(finish(context, busy).value().body == "slow");
    BOOST_TEST(client.counts().open == 0u);
}

BOOST_AUTO_TEST_CASE(cancelling_ends_requests_under_way) {
    scripted_server server(hang_after_reading);
    pool client(context, names);
    auto const busy = start(context, client.send({.url = server.url("/")}, late()));
    while (server.connections() == 0) {
        context.poll();
    }
    context.poll();
    client.cancel();
    auto const found = finish(context, busy);
    BOOST_TEST(found.error() == errc::cancelled);
    BOOST_TEST(!certainly_not_processed(found.error()));
}

BOOST_AUTO_TEST_CASE(a_caller_may_cancel_its_own_request) {
    scripted_server server(hang_after_reading);
    pool client(context, names, {.connections_per_origin = 1});
    auto const busy = start(context, client.send({.method = "POST", .url = server.url("/")}, late()));
    auto const waiting = start(context, client.send({.method = "POST", .url = server.url("/")}, late()));
    while (server.connections() == 0 || client.counts().waiting == 0) {
        context.poll();
    }
    context.poll();
    waiting->cancel.emit(boost::asio::cancellation_type::terminal);
    BOOST_TEST(finish(context, waiting).error() == errc::cancelled_unsent);
    busy->cancel.emit(boost::asio::cancellation_type::terminal);
    BOOST_TEST(finish(context, busy).error() == errc::cancelled);
    BOOST_TEST(client.counts().open == 0u);
    BOOST_TEST(client.counts().waiting == 0u);
}

BOOST_AUTO_TEST_CASE(a_pool_may_go_before_its_requests) {
    scripted_server server(hang_after_reading);
    auto client = std::make_unique<pool>(context, names);
    auto const busy = start(context, client->send({.url = server.url("/")}, late()));
    while (server.connections() == 0) {
        context.poll();
    }
    client.reset();
    BOOST_TEST(!finish(context, busy).has_value());
}

BOOST_AUTO_TEST_CASE(a_request_never_started_holds_nothing_up) {
    pool client(context, names);
    auto const unused = client.send({.url = "http://127.0.0.1/"}, late());
}

BOOST_AUTO_TEST_CASE(the_context_may_go_with_requests_under_way) {
    authority const ca;
    scripted_server plain(hang_after_reading);
    scripted_server secure(hang_after_reading, ca.issue("IP:127.0.0.1"));
    scripted_server silent([](peer& client) { client.wait_for_close(); });
    {
        boost::asio::io_context brief(1);
        pool client(brief, names, {.connections_per_origin = 1, .ca_file = ca.file()});
        start(brief, client.send({.url = plain.url("/")}, late()));
        start(brief, client.send({.url = plain.url("/")}, late())); // waits for a connection
        start(brief, client.send({.url = secure.url("/")}, late()));
        start(brief,
              client.send({.url = "https://127.0.0.1:" + std::to_string(silent.port()) + "/"}, late()));
        start(brief, client.send({.url = plain.url("/", "name.test")}, late()));
        while (plain.connections() < 2 || secure.connections() == 0 || silent.connections() == 0) {
            brief.poll();
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

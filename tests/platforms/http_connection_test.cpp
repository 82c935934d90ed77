// The one case a pool cannot be made to show on demand: a connection that is dead when the request is
// written.
#include "platforms/http/connection.hpp"
#include "platforms/http/tls.hpp"
#include "tests/platforms/http_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::platforms::http;
using namespace connectd::tests;
using peer = scripted_server::peer;

struct connection_fixture : http_fixture {
    deadline_watch watch{context.get_executor()};
    watched op{watch, late()};

    boost::asio::ip::tcp::endpoint at(scripted_server const& server) {
        return {boost::asio::ip::make_address("127.0.0.1"), server.port()};
    }
};

void answer_and_reset(peer& client) {
    client.read_request();
    client.write(answer("ok"));
    client.reset();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_connection_test, connection_fixture)

BOOST_AUTO_TEST_CASE(a_write_that_fails_at_once_sent_nothing) {
    scripted_server server(answer_and_reset);
    auto const url = server.url("/");
    auto const where = parse_target(url).value();
    request const what{.method = "POST", .url = url, .body = "x"};
    connection one(context.get_executor());
    BOOST_TEST(run(context, one.connect(at(server), op, deadline::max())).has_value());
    BOOST_TEST(run(context, one.exchange(what, where, "", {}, op)).answer.has_value());
    BOOST_TEST(one.keeps_open());
    server.wait_for_scripts(1);
    BOOST_TEST(!one.still_idle());
    auto const second = run(context, one.exchange(what, where, "", {}, op));
    BOOST_TEST(!second.answer.has_value());
    BOOST_TEST(second.unsent);
    BOOST_TEST(!second.answered);
    BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(the_same_over_tls) {
    authority const ca;
    scripted_server server(answer_and_reset, ca.issue("IP:127.0.0.1"));
    auto const url = server.url("/");
    auto const where = parse_target(url).value();
    request const what{.method = "POST", .url = url, .body = "x"};
    tls_context tls(ca.file(), false);
    connection one(context.get_executor());
    BOOST_TEST(run(context, one.connect(at(server), op, deadline::max())).has_value());
    BOOST_TEST(run(context, one.handshake(tls, where, op)).has_value());
    BOOST_TEST(run(context, one.exchange(what, where, "", {}, op)).answer.has_value());
    server.wait_for_scripts(1);
    auto const second = run(context, one.exchange(what, where, "", {}, op));
    BOOST_TEST(second.unsent);
}

// A deadline may pass while the coroutine is about to be resumed with what it waited for; nothing would wake
// it a second time.
BOOST_AUTO_TEST_CASE(an_operation_that_has_ended_starts_nothing) {
    scripted_server server(answer_and_reset);
    auto const url = server.url("/");
    request const what{.method = "POST", .url = url, .body = "x"};
    op.end(ending::expired);
    connection one(context.get_executor());
    BOOST_TEST(run(context, one.connect(at(server), op, deadline::max())).error() == errc::connect_failed);
    auto const sent = run(context, one.exchange(what, parse_target(url).value(), "", {}, op));
    BOOST_TEST(sent.unsent);
    BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

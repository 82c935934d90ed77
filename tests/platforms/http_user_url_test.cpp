// User-given URLs through the whole client: public https only, checked after resolving, connected to what was
// checked.
#include "tests/platforms/http_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests;
using boost::asio::ip::make_address;
using http::addresses;
using http::pool;
using peer = scripted_server::peer;

void serve(peer& client) {
    while (!client.read_request().empty()) {
        client.write(answer("ok"));
    }
}

http::request by_user(std::string url) {
    return {.url = std::move(url), .user_given_url = true};
}

char const* const private_hosts[] = {
    "127.0.0.1",       "10.0.0.1",          "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]",
    "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "localhost.test",  "127.1", "2130706433"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_user_url_test, http_fixture)

BOOST_AUTO_TEST_CASE(plain_http_is_refused) {
    pool client(context, names);
    auto const found = send(client, by_user("http://8.8.8.8/"));
    BOOST_TEST_REQUIRE(!found);
    BOOST_TEST(found.error() == errc::address_refused);
    BOOST_TEST(certainly_not_processed(found.error()));
}

BOOST_DATA_TEST_CASE_F(http_fixture, private_hosts_are_refused, private_hosts, host) {
    std::string const text = host;
    scripted_server server(serve);
    pool client(context, names);
    auto const found = send(client, by_user("https://" + text + ":" + std::to_string(server.port()) + "/"));
    BOOST_TEST_REQUIRE(!found);
    BOOST_TEST(found.error() == errc::address_refused);
    BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_name_with_one_private_address_is_refused) {
    http::resolver mixed({.lookup = [](std::string const&) -> result<addresses> {
        return addresses{make_address("8.8.8.8"), make_address("127.0.0.1")};
    }});
    pool client(context, mixed);
    BOOST_TEST(send(client, by_user("https://mixed.test/")).error() == errc::address_refused);
}

// A name server that answers with a public address when asked the first time and a private one when asked
// again.
BOOST_AUTO_TEST_CASE(a_name_is_resolved_once_and_what_was_checked_is_connected) {
    std::atomic<int> asked = 0;
    http::resolver rebinding({.lookup = [&asked](std::string const&) -> result<addresses> {
        return addresses{make_address(asked++ == 0 ? "192.0.2.1" : "127.0.0.1")};
    }});
    scripted_server server(serve);
    // The first answer stands for a checked address that leads nowhere: the attempt must fail, not ask again.
    pool client(context, rebinding, {.user_urls = {.allow_private = true, .allow_http = true}});
    auto const found = send(client, by_user(server.url("/", "rebind.test")), soon());
    BOOST_TEST(!found.has_value());
    BOOST_TEST(asked == 1);
    BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(development_may_open_both_doors) {
    scripted_server server(serve);
    pool client(context, names, {.user_urls = {.allow_private = true, .allow_http = true}});
    BOOST_TEST(send(client, by_user(server.url("/"))).has_value());
}

BOOST_AUTO_TEST_CASE(other_urls_may_lead_anywhere) {
    scripted_server server(serve);
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).has_value());
}

// A connection made for a trusted URL was never checked, so a user's URL may not ride on it.
BOOST_AUTO_TEST_CASE(a_kept_connection_is_not_a_way_around) {
    authority const ca;
    scripted_server server(serve, ca.issue("DNS:api.test"));
    pool client(context, names, {.ca_file = ca.file()});
    BOOST_TEST(get(client, server.url("/", "api.test")).has_value());
    BOOST_TEST(client.counts().idle == 1u);
    BOOST_TEST(send(client, by_user(server.url("/", "api.test"))).error() == errc::address_refused);
}

BOOST_AUTO_TEST_SUITE_END()

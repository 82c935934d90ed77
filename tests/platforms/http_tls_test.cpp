// Who the client believes, and how it treats sessions. Certificates are made on the spot.
#include "tests/platforms/http_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests;
using http::pool;
using http::pool_options;
using peer = scripted_server::peer;

void serve(peer& client) {
    while (!client.read_request().empty()) {
        client.write(answer("ok"));
    }
}

void serve_once(peer& client) {
    client.read_request();
    client.write(answer("ok", "Connection: close\r\n"));
    client.close();
}

struct tls_fixture : http_fixture {
    authority ca;
    pool_options trusting{.ca_file = ca.file(), .system_authorities = false};

    void check_refused(pool& client, std::string const& url, errc expected) {
        auto const found = post(client, url);
        BOOST_TEST_REQUIRE(!found);
        BOOST_TEST(found.error() == expected);
        BOOST_TEST(certainly_not_processed(found.error()));
        BOOST_TEST(client.counts().open == 0u);
    }
};

struct mismatch {
    char const* names;
    char const* host;
};

std::ostream& operator<<(std::ostream& out, mismatch const& one) {
    return out << one.names << " for " << one.host;
}

mismatch const mismatches[] = {
    {"DNS:other.test", "api.test"}, {"DNS:api.test", "127.0.0.1"},
    {"IP:127.0.0.2", "127.0.0.1"},  {"DNS:*.api.test", "api.test"},
    {"DNS:a*.test", "api.test"},    {"DNS:*.test", "a.b.test"},
    {"DNS:127.0.0.1", "127.0.0.1"}, {"DNS:api.test.evil.test", "api.test"},
};

mismatch const matches[] = {
    {"DNS:api.test", "api.test"},  {"DNS:api.test", "API.Test."},           {"DNS:*.api.test", "v2.api.test"},
    {"IP:127.0.0.1", "127.0.0.1"}, {"DNS:x.test,DNS:api.test", "api.test"},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_tls_test, tls_fixture)

BOOST_DATA_TEST_CASE_F(tls_fixture, a_certificate_for_the_host_is_accepted, matches, one) {
    scripted_server server(serve, ca.issue(one.names));
    pool client(context, names, trusting);
    auto const found = get(client, server.url("/", one.host));
    BOOST_TEST_REQUIRE(found.has_value(), found.error().message());
    BOOST_TEST(found->body == "ok");
    BOOST_TEST(get(client, server.url("/", one.host)).has_value());
    BOOST_TEST(server.connections() == 1u);
}

BOOST_DATA_TEST_CASE_F(tls_fixture, a_certificate_for_another_host_is_refused, mismatches, one) {
    scripted_server server(serve, ca.issue(one.names));
    pool client(context, names, trusting);
    check_refused(client, server.url("/", one.host), errc::certificate_refused);
}

BOOST_AUTO_TEST_CASE(an_unknown_authority_is_refused) {
    authority const stranger;
    scripted_server server(serve, stranger.issue("DNS:api.test"));
    pool client(context, names, trusting);
    check_refused(client, server.url("/", "api.test"), errc::certificate_refused);
}

BOOST_AUTO_TEST_CASE(the_system_does_not_know_our_authority) {
    scripted_server server(serve, ca.issue("DNS:api.test"));
    pool client(context, names);
    check_refused(client, server.url("/", "api.test"), errc::certificate_refused);
}

BOOST_AUTO_TEST_CASE(the_file_adds_to_the_system) {
    scripted_server server(serve, ca.issue("DNS:api.test"));
    pool client(context, names, {.ca_file = ca.file()});
    BOOST_TEST(get(client, server.url("/", "api.test")).has_value());
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused) {
    scripted_server server(serve, ca.issue("DNS:api.test", true));
    pool client(context, names, trusting);
    check_refused(client, server.url("/", "api.test"), errc::certificate_refused);
}

BOOST_AUTO_TEST_CASE(an_old_version_is_refused) {
    scripted_server server(serve, ca.issue("DNS:api.test"), TLS1_1_VERSION);
    pool client(context, names, trusting);
    check_refused(client, server.url("/", "api.test"), errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(a_server_without_tls_is_refused) {
    scripted_server server([](peer& client) {
        client.read_raw();
        client.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        client.wait_for_close();
    });
    pool client(context, names, trusting);
    check_refused(client, "https://127.0.0.1:" + std::to_string(server.port()) + "/", errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_in_the_handshake_is_refused) {
    scripted_server server([](peer& client) {
        client.read_raw();
        client.close();
    });
    pool client(context, names, trusting);
    check_refused(client, "https://127.0.0.1:" + std::to_string(server.port()) + "/", errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(the_server_is_told_the_name_but_not_an_address) {
    std::mutex guard;
    std::vector<std::string> asked;
    scripted_server server(
        [&](peer& client) {
            {
                std::lock_guard const lock(guard);
                asked.push_back(client.server_name());
            }
            serve(client);
        },
        ca.issue("DNS:api.test,IP:127.0.0.1"));
    pool client(context, names, trusting);
    BOOST_TEST(get(client, server.url("/", "api.test")).has_value());
    BOOST_TEST(get(client, server.url("/", "127.0.0.1")).has_value());
    std::lock_guard const lock(guard);
    BOOST_TEST(asked == (std::vector<std::string>{"api.test", ""}), boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE_F(tls_fixture, a_second_connection_resumes,
                       (std::vector{TLS1_2_VERSION, TLS1_3_VERSION}), version) {
    std::atomic<int> resumed = 0;
    scripted_server server(
        [&](peer& client) {
            resumed += client.resumed() ? 1 : 0;
            serve_once(client);
        },
        ca.issue("DNS:api.test,DNS:other.test"), version);
    pool client(context, names, trusting);
    for (int i = 0; i < 4; ++i) {
        BOOST_TEST(get(client, server.url("/", "api.test")).has_value());
    }
    BOOST_TEST(client.counts().opened == 4u);
    BOOST_TEST(client.counts().resumed == 3u);
    BOOST_TEST(get(client, server.url("/", "other.test")).has_value());
    BOOST_TEST(client.counts().resumed == 3u); // a session belongs to its host
    server.wait_for_scripts(5);
    BOOST_TEST(resumed == 3);
}

BOOST_AUTO_TEST_CASE(concurrent_connections_may_resume_one_session) {
    scripted_server server(serve_once, ca.issue("DNS:api.test"));
    pool client(context, names, trusting);
    BOOST_TEST(get(client, server.url("/", "api.test")).has_value());
    std::vector<std::shared_ptr<running<result<http::response>>>> all;
    for (int i = 0; i < 8; ++i) {
        all.push_back(start(context, client.send({.url = server.url("/", "api.test")}, late())));
    }
    for (auto const& one : all) {
        BOOST_TEST(finish(context, one).has_value());
    }
    BOOST_TEST(client.counts().resumed == 8u);
}

BOOST_AUTO_TEST_CASE(a_body_until_close_must_end_with_the_closing_alert) {
    std::atomic<bool> truncate = false;
    scripted_server server(
        [&](peer& client) {
            client.read_request();
            client.write("HTTP/1.1 200 OK\r\n\r\nhello");
            client.close(truncate);
        },
        ca.issue("DNS:api.test"));
    pool client(context, names, trusting);
    BOOST_TEST(get(client, server.url("/", "api.test")).value().body == "hello");
    truncate = true;
    BOOST_TEST(get(client, server.url("/", "api.test")).error() == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(large_bodies_pass_both_ways) {
    std::size_t received = 0;
    scripted_server server(
        [&](peer& client) {
            received = client.read_request().size();
            client.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.write_bulk(512 * 1024, "10000\r\n", "\r\n");
            client.write("0\r\n\r\n");
            client.wait_for_close();
        },
        ca.issue("DNS:api.test"));
    pool client(context, names, trusting);
    auto const found = send(
        client, {.method = "POST", .url = server.url("/", "api.test"), .body = std::string(1 << 20, 'b')});
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->body.size() == 512u * 1024);
    BOOST_TEST(received > (1u << 20));
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_cannot_be_used_is_named) {
    auto const make = [this] {
        pool const client(context, names, {.ca_file = "/nonexistent/authorities.pem"});
    };
    BOOST_CHECK_EXCEPTION(make(), std::runtime_error, [](std::runtime_error const& error) {
        return std::string(error.what()).find("/nonexistent/authorities.pem") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()

// Connections kept, handed over, refused and dropped; and when a request may be sent a second time.
#include "tests/platforms/http_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

using namespace connectd::platforms;
using namespace connectd::tests;
using http::pool;
using http::response;
using peer = scripted_server::peer;

void serve(peer& client) {
    while (!client.read_request().empty()) {
        client.write(answer("ok"));
    }
}

void hang_after_reading(peer& client) {
    client.read_request();
    client.wait_for_close();
}

// The first connection answers once and then does something else; the others serve.
struct first_differs {
    void (*after)(peer&);

    void operator()(peer& client) const {
        if (client.index() != 0) {
            return serve(client);
        }
        client.read_request();
        client.write(answer("ok"));
        after(client);
    }
};

struct idle_end {
    char const* name;
    void (*after)(peer&);
};

std::ostream& operator<<(std::ostream& out, idle_end const& one) {
    return out << one.name;
}

// What a server may do to an idle connection, in a way the client can see before it uses it again.
idle_end const idle_ends[] = {
    {"closes", [](peer& client) { client.close(); }},
    {"resets", [](peer& client) { client.reset(); }},
    {"says something unasked", [](peer& client) { client.write(answer("late", "", "408 Request Timeout")); }},
};

using in_flight = std::shared_ptr<running<result<response>>>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_pool_test, http_fixture)

BOOST_AUTO_TEST_CASE(one_connection_serves_request_after_request) {
    scripted_server server(serve);
    pool client(context, names);
    for (int i = 0; i < 50; ++i) {
        BOOST_TEST(post(client, server.url("/")).has_value());
    }
    BOOST_TEST(server.connections() == 1u);
    BOOST_TEST(client.counts().opened == 1u);
    BOOST_TEST(client.counts().reused == 49u);
    BOOST_TEST(client.counts().idle == 1u);
}

BOOST_DATA_TEST_CASE_F(http_fixture, an_idle_connection_that_ended_is_never_an_error, idle_ends, one) {
    scripted_server server(first_differs{one.after});
    pool client(context, names);
    BOOST_TEST(post(client, server.url("/")).has_value());
    server.wait_for_scripts(1);
    auto const found = post(client, server.url("/"));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->status == 200u);
    BOOST_TEST(client.counts().reused == 0u);
    BOOST_TEST(client.counts().open == 1u);
}

BOOST_DATA_TEST_CASE_F(http_fixture, the_same_over_tls, idle_ends, one) {
    authority const ca;
    scripted_server server(first_differs{one.after}, ca.issue("DNS:api.test"));
    pool client(context, names, {.ca_file = ca.file()});
    BOOST_TEST(post(client, server.url("/", "api.test")).has_value());
    server.wait_for_scripts(1);
    BOOST_TEST(post(client, server.url("/", "api.test")).value().status == 200u);
    BOOST_TEST(client.counts().reused == 0u);
}

// A request read and then not answered: what a POST did is unknown, and it must not be done twice.
BOOST_AUTO_TEST_CASE(a_post_that_left_is_not_sent_again) {
    std::atomic<int> requests = 0;
    scripted_server server([&](peer& client) {
        while (!client.read_request().empty()) {
            ++requests;
            if (client.index() == 0 && requests == 2) {
                return client.reset();
            }
            client.write(answer("ok"));
        }
    });
    pool client(context, names);
    BOOST_TEST(post(client, server.url("/")).has_value());
    auto const found = post(client, server.url("/"));
    BOOST_TEST_REQUIRE(!found);
    BOOST_TEST(found.error() == errc::connection_lost);
    BOOST_TEST(!certainly_not_processed(found.error()));
    BOOST_TEST(requests == 2);
    BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_get_that_left_is_sent_again_once) {
    std::atomic<int> requests = 0;
    scripted_server server([&](peer& client) {
        while (!client.read_request().empty()) {
            ++requests;
            if (requests > 1) {
                return client.close();
            }
            client.write(answer("ok"));
        }
    });
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).has_value());
    BOOST_TEST(get(client, server.url("/")).error() == errc::connection_lost);
    BOOST_TEST(requests == 3);
    BOOST_TEST(server.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(a_get_half_answered_is_not_sent_again) {
    std::atomic<int> requests = 0;
    scripted_server server([&](peer& client) {
        while (!client.read_request().empty()) {
            if (++requests == 2) {
                client.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                return client.close();
            }
            client.write(answer("ok"));
        }
    });
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).has_value());
    BOOST_TEST(get(client, server.url("/")).error() == errc::connection_lost);
    BOOST_TEST(requests == 2);
}

BOOST_AUTO_TEST_CASE(a_server_that_says_close_is_believed) {
    scripted_server server([](peer& client) {
        client.read_request();
        client.write(answer("ok", "Connection: close\r\n"));
        client.wait_for_close();
    });
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).has_value());
    BOOST_TEST(client.counts().open == 0u);
    server.wait_for_scripts(1); // our side closed
}

BOOST_AUTO_TEST_CASE(bytes_behind_the_answer_end_the_connection) {
    scripted_server server([](peer& client) {
        while (!client.read_request().empty()) {
            client.write(answer("ok") + "HTTP/1.1 200 OK\r\n");
        }
    });
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).value().body == "ok");
    BOOST_TEST(client.counts().open == 0u);
}

BOOST_AUTO_TEST_CASE(an_announced_idle_timeout_is_honoured) {
    scripted_server server([](peer& client) {
        while (!client.read_request().empty()) {
            client.write(answer("ok", "Keep-Alive: timeout=1\r\n"));
        }
    });
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/")).has_value());
    BOOST_TEST(client.counts().idle == 0u); // a second less travel time is nothing
}

BOOST_AUTO_TEST_CASE(idle_and_old_connections_are_closed) {
    scripted_server server(serve);
    pool no_idle(context, names, {.max_idle = std::chrono::seconds(0)});
    BOOST_TEST(get(no_idle, server.url("/")).has_value());
    BOOST_TEST(no_idle.counts().open == 0u);
    pool no_age(context, names, {.max_age = std::chrono::seconds(0)});
    BOOST_TEST(get(no_age, server.url("/")).has_value());
    BOOST_TEST(no_age.counts().open == 0u);
    server.wait_for_scripts(2);
}

BOOST_AUTO_TEST_CASE(idle_connections_are_swept) {
    scripted_server server(serve);
    pool client(context, names, {.max_idle = std::chrono::milliseconds(20)});
    BOOST_TEST(get(client, server.url("/")).has_value());
    while (client.counts().open != 0) { // ends by the sweeper's timer
        context.run_one();
    }
    server.wait_for_scripts(1);
}

BOOST_AUTO_TEST_CASE(requests_at_once_share_the_connections_allowed) {
    scripted_server server(serve);
    pool client(context, names, {.connections_per_origin = 3});
    std::vector<in_flight> all;
    for (int i = 0; i < 100; ++i) {
        all.push_back(start(context, client.send({.method = "POST", .url = server.url("/")}, late())));
    }
    for (auto const& one : all) {
        BOOST_TEST(finish(context, one).has_value());
    }
    BOOST_TEST(server.connections() == 3u);
    BOOST_TEST(client.counts().idle == 3u);
    BOOST_TEST(client.counts().waiting == 0u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_at_once) {
    scripted_server server(hang_after_reading);
    pool client(context, names, {.connections_per_origin = 1, .max_waiting = 1});
    auto const busy = start(context, client.send({.url = server.url("/")}, late()));
    auto const waiting = start(context, client.send({.url = server.url("/")}, late()));
    auto const found = get(client, server.url("/"));
    BOOST_TEST_REQUIRE(!found);
    BOOST_TEST(found.error() == errc::too_many_waiting);
    BOOST_TEST(certainly_not_processed(found.error()));
    BOOST_TEST(client.counts().waiting == 1u);
    client.cancel();
    BOOST_TEST(!finish(context, busy).has_value());
    BOOST_TEST(finish(context, waiting).error() == errc::cancelled_unsent);
}

BOOST_AUTO_TEST_CASE(a_waiting_request_gets_the_place_of_one_that_failed) {
    scripted_server server([](peer& client) {
        client.read_request();
        if (client.index() != 0) {
            client.write(answer("ok"));
        }
        client.close();
    });
    pool client(context, names, {.connections_per_origin = 1});
    auto const first = start(context, client.send({.method = "POST", .url = server.url("/")}, late()));
    auto const second = start(context, client.send({.method = "POST", .url = server.url("/")}, late()));
    BOOST_TEST(finish(context, first).error() == errc::connection_lost);
    BOOST_TEST(finish(context, second).has_value());
}

BOOST_AUTO_TEST_CASE(the_total_cap_takes_from_idle_origins) {
    scripted_server one(serve);
    scripted_server two(serve);
    pool client(context, names, {.connections_total = 1});
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(get(client, one.url("/")).has_value());
        BOOST_TEST(get(client, two.url("/")).has_value());
        BOOST_TEST(client.counts().open == 1u);
    }
    BOOST_TEST(one.connections() == 3u);
}

BOOST_AUTO_TEST_CASE(the_total_cap_passes_the_place_to_another_origin) {
    scripted_server one(serve);
    scripted_server two(serve);
    pool client(context, names, {.connections_total = 1});
    std::vector<in_flight> all;
    for (int i = 0; i < 10; ++i) {
        all.push_back(start(context, client.send({.url = one.url("/")}, late())));
        all.push_back(start(context, client.send({.url = two.url("/")}, late())));
    }
    for (auto const& each : all) {
        BOOST_TEST(finish(context, each).has_value());
        BOOST_TEST(client.counts().open <= 1u);
    }
}

BOOST_AUTO_TEST_CASE(names_and_ports_do_not_share_connections) {
    scripted_server server(serve);
    pool client(context, names);
    BOOST_TEST(get(client, server.url("/", "a.test")).has_value());
    BOOST_TEST(get(client, server.url("/", "b.test")).has_value());
    BOOST_TEST(get(client, server.url("/", "A.test")).has_value());
    BOOST_TEST(server.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(a_name_without_an_address_and_a_port_without_a_server_have_their_errors) {
    pool client(context, names);
    auto const nameless = post(client, "http://nowhere.test/");
    BOOST_TEST(nameless.error() == errc::resolve_failed);
    BOOST_TEST(certainly_not_processed(nameless.error()));
    std::uint16_t port = 0;
    {
        scripted_server const gone(serve);
        port = gone.port();
    }
    auto const refused = post(client, "http://127.0.0.1:" + std::to_string(port) + "/");
    BOOST_TEST(refused.error() == errc::connect_failed);
    BOOST_TEST(certainly_not_processed(refused.error()));
    BOOST_TEST(client.counts().open == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

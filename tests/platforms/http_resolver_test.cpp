// Lookups on threads of their own: shared, bounded, and fair between platforms and names that users chose.
#include "platforms/http/resolver.hpp"
#include "tests/support/platforms_printing.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace connectd::platforms;
using namespace connectd::platforms::http;
using boost::asio::ip::make_address;

// A lookup that hangs for names under "slow.test" until released.
struct gate {
    std::promise<void> promise;
    std::shared_future<void> released = promise.get_future().share();
    std::atomic<int> asked = 0;

    result<addresses> operator()(std::string const& host) {
        ++asked;
        asked.notify_all();
        if (host.ends_with("slow.test")) {
            released.wait();
        }
        if (host.starts_with("empty")) {
            return addresses{};
        }
        return addresses{make_address("192.0.2.1")};
    }
};

struct resolver_fixture {
    boost::asio::io_context context{1};
    gate names;
    std::vector<std::optional<result<addresses>>> answers = std::vector<std::optional<result<addresses>>>(64);

    resolver::ticket ask(resolver& whom, std::size_t slot, std::string const& host, bool by_user = false) {
        return whom.start(host, by_user, context.get_executor(),
                          [this, slot](result<addresses> found) { answers[slot] = std::move(found); });
    }
    // Answers come from other threads; the work guard keeps the context waiting for them.
    void wait_for(std::size_t slot) {
        auto const work = boost::asio::make_work_guard(context);
        context.restart();
        while (!answers[slot]) {
            context.run_one();
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_resolver_test, resolver_fixture)

BOOST_AUTO_TEST_CASE(a_name_has_its_addresses) {
    resolver whom({.lookup = std::ref(names)});
    auto const ticket = ask(whom, 0, "api.test");
    wait_for(0);
    BOOST_TEST(answers[0]->value().front() == make_address("192.0.2.1"));
}

BOOST_AUTO_TEST_CASE(no_address_is_a_failure) {
    resolver whom({.lookup = std::ref(names)});
    auto const ticket = ask(whom, 0, "empty.test");
    wait_for(0);
    BOOST_TEST(answers[0]->error() == errc::resolve_failed);
}

BOOST_AUTO_TEST_CASE(the_system_knows_localhost_and_not_an_invalid_name) {
    resolver whom;
    auto const good = ask(whom, 0, "localhost");
    auto const bad = ask(whom, 1, "no such name");
    wait_for(0);
    wait_for(1);
    BOOST_TEST(answers[0]->value().front().is_loopback());
    BOOST_TEST(answers[1]->error() == errc::resolve_failed);
}

BOOST_AUTO_TEST_CASE(lookups_of_one_name_are_one) {
    resolver whom({.lookup = std::ref(names)});
    std::vector<resolver::ticket> tickets;
    for (std::size_t i = 0; i < 10; ++i) {
        tickets.push_back(ask(whom, i, "slow.test"));
    }
    names.promise.set_value();
    for (std::size_t i = 0; i < 10; ++i) {
        wait_for(i);
        BOOST_TEST(answers[i]->has_value());
    }
    BOOST_TEST(names.asked == 1);
}

BOOST_AUTO_TEST_CASE(names_of_users_that_hang_do_not_hold_up_the_platforms) {
    resolver whom({.threads = 2, .lookup = std::ref(names)});
    std::vector<resolver::ticket> tickets;
    for (std::size_t i = 0; i < 10; ++i) {
        tickets.push_back(ask(whom, i, std::to_string(i) + ".slow.test", true));
    }
    tickets.push_back(ask(whom, 20, "api.test"));
    wait_for(20);
    BOOST_TEST(answers[20]->has_value());
    BOOST_TEST(!answers[0]);
    // The same name asked for by the product itself does not queue behind the users either.
    names.promise.set_value();
    for (std::size_t i = 0; i < 10; ++i) {
        wait_for(i);
    }
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses) {
    resolver whom({.threads = 2, .max_queued = 1, .lookup = std::ref(names)});
    auto const running = ask(whom, 0, "0.slow.test", true);
    names.asked.wait(0); // it has left the queue
    auto const waiting = ask(whom, 1, "1.slow.test", true);
    auto const refused = ask(whom, 2, "2.slow.test", true);
    wait_for(2);
    BOOST_TEST(answers[2]->error() == errc::resolve_failed);
    BOOST_TEST(!answers[1]);
    names.promise.set_value();
    wait_for(0);
    wait_for(1);
    BOOST_TEST(answers[1]->has_value());
}

BOOST_AUTO_TEST_CASE(a_dropped_ticket_is_never_answered) {
    resolver whom({.lookup = std::ref(names)});
    {
        auto const dropped = ask(whom, 0, "slow.test");
    }
    auto const kept = ask(whom, 1, "slow.test");
    names.promise.set_value();
    wait_for(1);
    context.poll();
    BOOST_TEST(!answers[0]);
}

BOOST_AUTO_TEST_SUITE_END()

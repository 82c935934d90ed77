#include "server/runtime/clock.hpp"
#include "server/runtime/keyed_turns.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace connectd::server::runtime;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace tests = connectd::tests;

namespace {

using turn = keyed_turns::turn;

steady_time far_away() {
    return steady_now() + 10min;
}

struct one_thread {
    keyed_turns turns;
    asio::io_context io{1};

    auto ask(std::string key, steady_time until = far_away()) {
        return tests::start(io, turns.take(std::move(key), until));
    }
    std::optional<turn> take(std::string key) {
        return std::optional{tests::finish(io, ask(std::move(key))).value()};
    }
    // Lets everybody go on as far as he can.
    void settle() {
        io.restart();
        io.poll();
    }
};

// Takes a turn again and again; notes when somebody else was in between.
task<bool> take_turns(keyed_turns& turns, std::string key, int rounds, std::atomic<int>& inside,
                      std::atomic<int>& together) {
    for (int round = 0; round < rounds; ++round) {
        auto const mine = co_await turns.take(key, far_away());
        if (mine.has_error()) {
            co_return false;
        }
        together += inside.fetch_add(1);
        co_await asio::post(co_await asio::this_coro::executor, use_task);
        inside.fetch_sub(1);
    }
    co_return true;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(keyed_turns_test, one_thread)

BOOST_AUTO_TEST_CASE(turns_come_in_the_order_of_asking) {
    auto first = take("a");
    auto const second = ask("a");
    auto const third = ask("a");
    settle();
    BOOST_TEST(!second->finished);
    BOOST_TEST(turns.waiting() == 2U);
    first.reset();
    settle();
    BOOST_REQUIRE(second->finished);
    BOOST_TEST(!third->finished);
    second->value.reset();
    settle();
    BOOST_TEST(third->finished);
    BOOST_TEST(turns.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(as_many_as_were_said_have_a_turn) {
    keyed_turns pair{2};
    auto first = pair.take_if_free("a");
    auto const second = pair.take_if_free("a");
    BOOST_TEST((first && second));
    BOOST_TEST(!pair.take_if_free("a"));
    BOOST_TEST(pair.take_if_free("b").has_value());
    auto const third = tests::start(io, pair.take("a", far_away()));
    settle();
    BOOST_TEST(!third->finished);
    first.reset();
    BOOST_TEST(!pair.take_if_free("a")); // it is for the one who waits
    settle();
    BOOST_REQUIRE(third->finished);
    third->value.reset();
    BOOST_TEST(pair.take_if_free("a").has_value());
}

BOOST_AUTO_TEST_CASE(keys_do_not_wait_for_each_other) {
    auto const one = take("a");
    auto const other = take("b");
    BOOST_TEST(one.has_value());
    BOOST_TEST(other.has_value());
}

BOOST_AUTO_TEST_CASE(a_key_is_free_again_when_nobody_has_it) {
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST(take("a").has_value());
    }
}

BOOST_AUTO_TEST_CASE(who_has_waited_long_enough_leaves_the_line) {
    auto first = take("a");
    auto const hasty = ask("a", steady_now() - 1s);
    auto const patient = ask("a");
    BOOST_TEST((tests::finish(io, hasty).error() == errc::timed_out));
    BOOST_TEST(turns.waiting() == 1U);
    first.reset();
    settle();
    BOOST_TEST(patient->finished);
}

BOOST_AUTO_TEST_CASE(who_is_cancelled_leaves_the_line) {
    auto first = take("a");
    auto const cancelled = ask("a");
    auto const patient = ask("a");
    settle();
    cancelled->cancel.emit(asio::cancellation_type::terminal);
    BOOST_CHECK_THROW(tests::finish(io, cancelled), boost::system::system_error);
    first.reset();
    settle();
    BOOST_TEST(patient->finished);
}

BOOST_AUTO_TEST_CASE(a_turn_that_comes_to_one_who_has_gone_is_passed_on) {
    auto first = take("a");
    auto context = std::make_unique<asio::io_context>(1);
    auto const gone = tests::start(*context, turns.take("a", far_away()));
    context->poll();
    BOOST_TEST(turns.waiting() == 1U);
    auto const patient = ask("a");
    settle();
    first.reset();   // the turn is on its way to the other context,
    context.reset(); // which never takes it
    settle();
    BOOST_TEST(patient->finished);
}

BOOST_AUTO_TEST_CASE(one_at_a_time_over_threads) {
    constexpr int rounds = 200;
    std::atomic<int> inside{0};
    std::atomic<int> together{0};
    std::array<asio::io_context, 4> contexts;
    std::vector<std::shared_ptr<tests::running<bool>>> all;
    for (auto& context : contexts) {
        for (int task = 0; task < 3; ++task) {
            all.push_back(tests::start(context, take_turns(turns, "a", rounds, inside, together)));
        }
    }
    {
        std::vector<std::jthread> threads;
        for (auto& context : contexts) {
            threads.emplace_back([&context] { context.run(); });
        }
    }
    for (auto const& each : all) {
        BOOST_REQUIRE(each->finished);
        BOOST_TEST(each->value.value());
    }
    BOOST_TEST(together.load() == 0);
    BOOST_TEST(turns.waiting() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

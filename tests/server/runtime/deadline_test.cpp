#include "server/runtime/clock.hpp"
#include "server/runtime/deadline.hpp"
#include "tests/server/runtime/run_task.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

using namespace connectd::server::runtime;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using local_socket = asio::basic_stream_socket<asio::local::stream_protocol, executor>;

// Has no default constructor and cannot be copied, as the results of services may be.
struct picky {
    explicit picky(int number) : value{std::make_unique<int>(number)} {}
    std::unique_ptr<int> value;
};

task<picky> give(int number) {
    co_return picky{number};
}

task<void> do_nothing() {
    co_return;
}

task<result<int>> refuse() {
    co_return errc::queue_full;
}

task<int> fail() {
    throw std::runtime_error{"broken"};
    co_return 0;
}

// Waits for ever, and leaves a note when it ends.
task<int> hang(bool& ended) {
    timer never{co_await asio::this_coro::executor, steady_time::max()};
    auto [error] = co_await never.async_wait(use_tuple);
    ended = true;
    throw boost::system::system_error{error};
}

task<result<int>> hang_with_result(bool& ended) {
    timer never{co_await asio::this_coro::executor, steady_time::max()};
    auto [error] = co_await never.async_wait(use_tuple);
    ended = true;
    co_return error;
}

// Is cancelled but has its value already.
task<int> late_value() {
    timer never{co_await asio::this_coro::executor, steady_time::max()};
    co_await never.async_wait(use_tuple);
    co_return 5;
}

task<std::size_t> read_some(local_socket& from) {
    char buffer[16];
    co_return co_await from.async_read_some(asio::buffer(buffer), use_task);
}

task<result<int>> nested(bool& ended, steady_time inner, steady_time outer) {
    co_return co_await with_deadline(with_deadline(hang(ended), inner), outer);
}

} // namespace

BOOST_AUTO_TEST_SUITE(deadline_test)

BOOST_AUTO_TEST_CASE(an_operation_that_ends_in_time_gives_its_value) {
    asio::io_context context{1};
    auto const later = deadline_in(1h);
    BOOST_TEST(*run_task(context, with_deadline(give(7), later)).value().value == 7);
    BOOST_TEST(run_task(context, with_deadline(do_nothing(), later)).has_value());
    BOOST_TEST((run_task(context, with_deadline(refuse(), later)).error() == errc::queue_full));
    BOOST_CHECK_THROW(run_task(context, with_deadline(fail(), later)), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(an_operation_that_hangs_is_ended_at_the_deadline) {
    asio::io_context context{1};
    bool ended = false;
    BOOST_TEST((run_task(context, with_deadline(hang(ended), steady_now())).error() == errc::timed_out));
    BOOST_TEST(ended);
    ended = false;
    BOOST_TEST((run_task(context, with_deadline(hang_with_result(ended), deadline_in(1ms))).error() ==
                errc::timed_out));
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(a_read_from_a_silent_peer_times_out) {
    asio::io_context context{1};
    local_socket near{context.get_executor()};
    local_socket far{context.get_executor()};
    asio::local::connect_pair(near, far);
    BOOST_TEST((run_task(context, with_deadline(read_some(near), steady_now())).error() == errc::timed_out));
    far.write_some(asio::buffer("hello", 5));
    BOOST_TEST(run_task(context, with_deadline(read_some(near), deadline_in(1h))).value() == 5U);
}

BOOST_AUTO_TEST_CASE(a_value_that_comes_in_the_last_moment_is_kept) {
    asio::io_context context{1};
    BOOST_TEST(run_task(context, with_deadline(late_value(), steady_now())).value() == 5);
}

BOOST_AUTO_TEST_CASE(a_cancelled_caller_cancels_the_operation) {
    asio::io_context context{1};
    bool ended = false;
    // The outer deadline cancels the inner one, which has all the time in the world.
    BOOST_TEST((run_task(context, nested(ended, deadline_in(1h), steady_now())).error() == errc::timed_out));
    BOOST_TEST(ended);
    ended = false;
    BOOST_TEST((run_task(context, nested(ended, steady_now(), deadline_in(1h))).error() == errc::timed_out));
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(a_context_that_ends_in_the_middle_frees_everything) {
    bool ended = false;
    {
        asio::io_context context{1};
        asio::co_spawn(context, nested(ended, deadline_in(1h), deadline_in(1h)),
                       [](std::exception_ptr, result<int> const&) {});
        context.poll();
    }
    BOOST_TEST(!ended);
}

BOOST_AUTO_TEST_CASE(sleeping_until_the_past_returns) {
    asio::io_context context{1};
    run_task(context, wait_until(steady_now() - 1h));
    BOOST_TEST(run_task(context, with_deadline(wait_until(deadline_in(1h)), steady_now())).has_error());
}

BOOST_AUTO_TEST_CASE(a_watchdog_fires_once_at_its_deadline) {
    asio::io_context context{1};
    int fired = 0;
    watchdog guard{context.get_executor(), [&fired] { ++fired; }};
    guard.expires_at(steady_now());
    BOOST_TEST(fired == 0); // never inside the call
    context.run();
    BOOST_TEST(fired == 1);
    BOOST_TEST(guard.expired());
    guard.expires_at(deadline_in(1h));
    BOOST_TEST(!guard.expired());
}

BOOST_AUTO_TEST_CASE(a_deadline_moved_away_does_not_fire_at_the_old_one) {
    asio::io_context context{1};
    int fired = 0;
    watchdog guard{context.get_executor(), [&fired] { ++fired; }};
    auto const early = deadline_in(1ms);
    guard.expires_at(early);
    guard.expires_at(deadline_in(1h));
    // Timers of one context fire in the order of their times, so the early one had its turn before this one.
    run_task(context, with_deadline(wait_until(early + 1ms), deadline_in(1h)));
    BOOST_TEST(fired == 0);
    guard.expires_at(steady_now());
    context.restart();
    context.run();
    BOOST_TEST(fired == 1);
}

BOOST_AUTO_TEST_CASE(a_disarmed_or_dead_watchdog_does_not_fire) {
    asio::io_context context{1};
    int fired = 0;
    watchdog guard{context.get_executor(), [&fired] { ++fired; }};
    guard.expires_at(steady_now());
    guard.disarm();
    auto dead = std::make_unique<watchdog>(context.get_executor(), [&fired] { ++fired; });
    dead->expires_at(steady_now());
    // Destroyed while its handler is in the queue already.
    asio::post(context, [&dead] { dead.reset(); });
    context.run();
    BOOST_TEST(fired == 0);
    BOOST_TEST(!guard.expired());
}

BOOST_AUTO_TEST_CASE(a_watchdog_that_cuts_a_socket_ends_its_read) {
    asio::io_context context{1};
    local_socket near{context.get_executor()};
    local_socket far{context.get_executor()};
    asio::local::connect_pair(near, far);
    watchdog guard{context.get_executor(), [&near] { near.cancel(); }};
    guard.expires_at(deadline_in(1h));
    guard.expires_at(steady_now()); // an earlier deadline replaces a later one
    BOOST_CHECK_THROW(run_task(context, read_some(near)), boost::system::system_error);
    BOOST_TEST(guard.expired());
}

BOOST_AUTO_TEST_SUITE_END()

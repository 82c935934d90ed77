#include "server/runtime/clock.hpp"
#include "server/runtime/deadline.hpp"
#include "server/runtime/offload.hpp"
#include "tests/server/runtime/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>

using namespace connectd::server::runtime;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct trip {
    std::thread::id before{};
    std::thread::id working{};
    std::thread::id after{};
};

std::thread::id where_am_i() {
    return std::this_thread::get_id();
}

task<trip> travel(offload& pool) {
    trip taken;
    taken.before = std::this_thread::get_id();
    taken.working = (co_await pool.run(where_am_i)).value();
    taken.after = std::this_thread::get_id();
    co_return taken;
}

int add_up() {
    return 42;
}

void throw_up() {
    throw std::runtime_error{"broken"};
}

result<int> refuse() {
    return errc::timed_out;
}

task<result<int>> ask(offload& pool) {
    co_return co_await pool.run(add_up);
}

// Occupies a thread of the pool until it is let go.
struct blocker {
    std::latch began{1};
    std::promise<void> release{};

    void operator()() {
        began.count_down();
        release.get_future().wait();
    }
};

task<result<void>> occupy(offload& pool, std::shared_ptr<blocker> with) {
    co_return co_await pool.run([with = std::move(with)] { (*with)(); });
}

// Runs `work` on a context and remembers its answer.
template <class T>
void start(asio::io_context& context, task<result<T>> work, std::optional<result<T>>& answer) {
    asio::co_spawn(context, store_value<result<T>>(std::move(work), answer), [](std::exception_ptr failure) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(offload_test)

BOOST_AUTO_TEST_CASE(work_runs_elsewhere_and_its_caller_goes_on_where_it_was) {
    asio::io_context context{1};
    offload pool{{}};
    auto const taken = run_task(context, travel(pool));
    BOOST_TEST((taken.before == std::this_thread::get_id()));
    BOOST_TEST((taken.working != std::this_thread::get_id()));
    BOOST_TEST((taken.after == std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(values_results_and_exceptions_come_back) {
    asio::io_context context{1};
    offload pool{{}};
    BOOST_TEST(run_task(context, pool.run(add_up)).value() == 42);
    BOOST_TEST((run_task(context, pool.run(refuse)).error() == errc::timed_out));
    BOOST_CHECK_THROW(run_task(context, pool.run(throw_up)), std::runtime_error);
    auto const moved =
        run_task(context, pool.run([text = std::make_unique<std::string>("x")] { return *text; }));
    BOOST_TEST(moved.value() == "x");
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_at_once) {
    asio::io_context context{1};
    offload pool{{1, 1, "small"}};
    auto const held = std::make_shared<blocker>();
    std::optional<result<void>> first;
    std::optional<result<int>> second;
    std::optional<result<int>> third;
    start(context, occupy(pool, held), first);
    context.poll();
    held->began.wait();
    start(context, ask(pool), second);
    context.poll();
    BOOST_TEST(pool.waiting() == 1U);
    start(context, ask(pool), third);
    context.poll();
    BOOST_REQUIRE(third.has_value());
    BOOST_TEST((third->error() == errc::queue_full));
    BOOST_TEST(!second.has_value());
    held->release.set_value();
    context.run(); // does not end before the answers are there
    BOOST_TEST(first->has_value());
    BOOST_TEST(second->value() == 42);
}

BOOST_AUTO_TEST_CASE(draining_finishes_what_waits_and_refuses_what_comes) {
    asio::io_context context{1};
    offload pool{{1, 8, "drained"}};
    std::vector<std::optional<result<int>>> answers(5);
    for (auto& answer : answers) {
        start(context, ask(pool), answer);
    }
    context.poll();
    pool.drain(deadline_in(1h));
    context.run();
    for (auto const& answer : answers) {
        BOOST_TEST(answer->value() == 42);
    }
    BOOST_TEST((run_task(context, pool.run(add_up)).error() == errc::stopped));
    pool.drain(steady_now());
}

BOOST_AUTO_TEST_CASE(what_has_not_begun_at_the_deadline_is_stopped) {
    asio::io_context context{1};
    offload pool{{1, 8, "drained"}};
    auto const held = std::make_shared<blocker>();
    std::optional<result<void>> running;
    std::optional<result<int>> waiting;
    start(context, occupy(pool, held), running);
    context.poll();
    held->began.wait();
    start(context, ask(pool), waiting);
    context.poll();
    std::jthread const drainer{[&pool] { pool.drain(steady_now()); }};
    // The answer arrives while the pool still waits for the job that runs.
    while (!waiting) {
        context.run_one();
    }
    BOOST_TEST((waiting->error() == errc::stopped));
    BOOST_TEST(!running.has_value());
    held->release.set_value();
    context.run();
    BOOST_TEST(running->has_value());
}

BOOST_AUTO_TEST_CASE(a_caller_that_gives_up_gets_its_answer_all_the_same) {
    asio::io_context context{1};
    offload pool{{1, 8, "slow"}};
    auto const held = std::make_shared<blocker>();
    std::optional<result<void>> answer;
    start(context, with_deadline(occupy(pool, held), steady_now()), answer);
    context.poll();
    held->began.wait();
    context.poll();
    BOOST_TEST(!answer.has_value());
    held->release.set_value();
    context.run();
    BOOST_TEST(answer.has_value());
}

BOOST_AUTO_TEST_CASE(many_contexts_share_one_pool) {
    offload pool{{3, 4096, "shared"}};
    std::atomic<int> answered{0};
    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 4; ++number) {
            threads.emplace_back([&pool, &answered] {
                asio::io_context context{1};
                std::vector<std::optional<result<int>>> answers(200);
                for (auto& answer : answers) {
                    start(context, ask(pool), answer);
                }
                context.run();
                for (auto const& answer : answers) {
                    answered += answer->value() == 42 ? 1 : 0;
                }
            });
        }
    }
    BOOST_TEST(answered == 800);
}

BOOST_AUTO_TEST_CASE(the_threads_carry_the_pools_name) {
    asio::io_context context{1};
    offload pool{{1, 1, "a very long name"}};
    auto const name = run_task(context, pool.run([] {
        char text[16]{};
        ::pthread_getname_np(::pthread_self(), text, sizeof text);
        return std::string{text};
    }));
    BOOST_TEST(name.value() == "a very long -0");
}

BOOST_AUTO_TEST_SUITE_END()

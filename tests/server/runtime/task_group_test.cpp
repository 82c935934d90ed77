#include "server/runtime/clock.hpp"
#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"
#include "server/runtime/task_group.hpp"
#include "tests/server/runtime/run_task.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace connectd::server::runtime;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

task<void> count(std::atomic<int>& counter) {
    ++counter;
    co_return;
}

task<void> fail(std::string text) {
    throw std::runtime_error{text};
    co_return;
}

task<void> hang() {
    co_await wait_until(steady_time::max());
}

task<void> hang_holding(std::shared_ptr<int> /*witness*/) {
    co_await wait_until(steady_time::max());
}

// Takes note of having been cancelled, but goes on until told to end.
task<void> hang_on(timer& release) {
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    while (release.expiry() == steady_time::max()) {
        co_await release.async_wait(use_tuple);
        if (cancellation.cancelled() != asio::cancellation_type::none) {
            co_await asio::this_coro::reset_cancellation_state();
        }
    }
}

task<void> spawn_another(task_group& group, std::atomic<int>& counter) {
    co_await wait_until(steady_now());
    group.spawn("second", count(counter));
}

task<std::unique_ptr<int>> finish_after(timer& release, bool& finished) {
    co_await release.async_wait(use_tuple);
    finished = true;
    co_return std::make_unique<int>(9);
}

task<int> fail_with_value() {
    throw std::runtime_error{"broken"};
    co_return 1;
}

// The request that waits for the group's work but has no more time.
task<bool> wait_briefly(task_group& group, timer& release, bool& finished) {
    auto const answer =
        co_await with_deadline(group.run("work", finish_after(release, finished)), steady_now());
    bool const gone_early = answer.has_error() && !finished;
    release.expires_at(steady_now());
    co_return gone_early;
}

task<int> wait_for_value(task_group& group, timer& release, bool& finished) {
    release.expires_at(steady_now());
    auto const value = co_await group.run("work", finish_after(release, finished));
    co_return *value;
}

task<bool> cancel_and_join(task_group& group) {
    bool const early = co_await group.join(steady_now());
    group.cancel();
    bool const late = co_await group.join(deadline_in(1h));
    co_return !early && late;
}

struct silence {
    std::vector<std::string> lines{};
    log::output output{{log::level::info, log::format::json, 1,
                        [this](std::string_view line) { lines.emplace_back(line); }}};
};

task<bool> runs_on(std::thread::id wanted) {
    co_return std::this_thread::get_id() == wanted;
}

// The work on the group's thread, the answer on the own one.
task<bool> ask_elsewhere(task_group& group, std::thread::id there) {
    auto const here = std::this_thread::get_id();
    bool const worked_there = co_await group.run("ask", runs_on(there));
    co_return worked_there&& std::this_thread::get_id() == here;
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_group_test)

BOOST_AUTO_TEST_CASE(a_task_that_throws_is_logged_counted_and_harms_nobody) {
    silence const quiet;
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    std::atomic<int> counter{0};
    BOOST_TEST(group.spawn("bad", fail("no luck")));
    BOOST_TEST(group.spawn("good", count(counter)));
    BOOST_TEST(group.running() == 2U);
    context.run();
    BOOST_TEST(counter == 1);
    BOOST_TEST(group.failed() == 1U);
    BOOST_TEST(group.running() == 0U);
    BOOST_REQUIRE(quiet.lines.size() == 1U);
    BOOST_TEST(quiet.lines[0].find(R"("group":"jobs","task":"bad","error":"no luck")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_group_is_joined_at_once) {
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    BOOST_TEST(run_task(context, group.join(steady_now())));
    BOOST_TEST(group.join_blocking(steady_now()));
}

BOOST_AUTO_TEST_CASE(joining_waits_for_the_deadline_and_after_cancelling_for_the_end) {
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    group.spawn("one", hang());
    group.spawn("two", hang());
    BOOST_TEST(run_task(context, cancel_and_join(group)));
    BOOST_TEST(group.running() == 0U);
    BOOST_TEST(group.failed() == 0U); // having been cancelled is no failure
}

BOOST_AUTO_TEST_CASE(a_task_that_ignores_its_cancellation_is_waited_for) {
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    timer release{context.get_executor(), steady_time::max()};
    group.spawn("stubborn", hang_on(release));
    group.cancel();
    BOOST_TEST(!run_task(context, with_deadline(group.join(steady_now()), deadline_in(1h))).value());
    release.expires_at(steady_now());
    BOOST_TEST(run_task(context, group.join(deadline_in(1h))));
}

BOOST_AUTO_TEST_CASE(a_cancelled_join_is_forgotten) {
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    timer release{context.get_executor(), steady_time::max()};
    group.spawn("work", hang_on(release));
    auto const gave_up = run_task(context, with_deadline(group.join(deadline_in(1h)), steady_now()));
    BOOST_TEST((gave_up.error() == errc::timed_out));
    release.expires_at(steady_now());
    BOOST_TEST(run_task(context, group.join(deadline_in(1h))));
}

BOOST_AUTO_TEST_CASE(a_task_spawned_at_the_end_of_the_last_one_is_waited_for_too) {
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    std::atomic<int> counter{0};
    group.spawn("first", spawn_another(group, counter));
    BOOST_TEST(run_task(context, group.join(deadline_in(1h))));
    BOOST_TEST(counter == 1);
}

BOOST_AUTO_TEST_CASE(a_closed_group_refuses_new_work_and_ends_the_old) {
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    std::atomic<int> counter{0};
    group.spawn("old", count(counter));
    group.close();
    BOOST_TEST(!group.spawn("new", count(counter)));
    context.run();
    BOOST_TEST(counter == 1);
    BOOST_CHECK_THROW(run_task(context, group.run("new", fail_with_value())), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(the_one_who_waits_gets_the_value_or_the_exception) {
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    timer release{context.get_executor(), steady_time::max()};
    bool finished = false;
    BOOST_TEST(run_task(context, wait_for_value(group, release, finished)) == 9);
    BOOST_CHECK_THROW(run_task(context, group.run("work", fail_with_value())), std::runtime_error);
    BOOST_TEST(group.failed() == 0U); // the one who waited knows
}

BOOST_AUTO_TEST_CASE(work_goes_on_when_the_one_who_waits_is_gone) {
    asio::io_context context{1};
    task_group group{context.get_executor(), "jobs"};
    timer release{context.get_executor(), steady_time::max()};
    bool finished = false;
    BOOST_TEST(run_task(context, wait_briefly(group, release, finished)));
    context.run();
    BOOST_TEST(finished);
    BOOST_TEST(group.running() == 0U);
}

BOOST_AUTO_TEST_CASE(other_threads_may_spawn_and_join) {
    asio::io_context context{1};
    auto const stay = asio::make_work_guard(context);
    std::jthread const loop{[&context] { context.run(); }};
    task_group group{context.get_executor(), "jobs"};
    std::atomic<int> counter{0};
    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 4; ++number) {
            threads.emplace_back([&] {
                for (int round = 0; round < 250; ++round) {
                    group.spawn("count", count(counter));
                }
            });
        }
    }
    group.close();
    BOOST_TEST(group.join_blocking(deadline_in(1h)));
    BOOST_TEST(counter == 1000);
    task_group hanging{context.get_executor(), "hanging"};
    hanging.spawn("hang", hang());
    BOOST_TEST(!hanging.join_blocking(steady_now()));
    hanging.cancel();
    BOOST_TEST(hanging.join_blocking(deadline_in(1h)));
    context.stop();
}

BOOST_AUTO_TEST_CASE(other_contexts_may_run_work_and_wait_for_it) {
    asio::io_context context{1};
    auto const stay = asio::make_work_guard(context);
    std::jthread loop{[&context] { context.run(); }};
    auto const there = loop.get_id();
    task_group group{context.get_executor(), "jobs"};
    std::atomic<int> right{0};
    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 4; ++number) {
            threads.emplace_back([&] {
                asio::io_context own{1};
                for (int round = 0; round < 250; ++round) {
                    right += run_task(own, ask_elsewhere(group, there)) ? 1 : 0;
                }
            });
        }
    }
    BOOST_TEST(right == 1000);
    asio::io_context own{1};
    BOOST_CHECK_THROW(run_task(own, group.run("work", fail_with_value())), std::runtime_error);
    group.close();
    BOOST_CHECK_THROW(run_task(own, group.run("work", fail_with_value())), boost::system::system_error);
    context.stop();
}

BOOST_AUTO_TEST_CASE(a_context_that_ends_first_frees_the_tasks) {
    auto const witness = std::make_shared<int>(0);
    auto context = std::make_unique<asio::io_context>(1);
    auto group = std::make_unique<task_group>(context->get_executor(), "jobs");
    group->spawn("started", hang_holding(witness));
    context->poll();
    group->spawn("waiting", hang_holding(witness));
    BOOST_TEST(group->running() == 2U);
    BOOST_TEST(witness.use_count() == 3);
    group.reset();
    context.reset();
    BOOST_TEST(witness.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

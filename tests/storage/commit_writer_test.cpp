// The writer's promises, with a sink that waits, fails and throws on demand: grouping, guards within a group,
// back-pressure, cancellation, the latch after a failed sync, and an end without leaks.
#include "storage/rocksdb/commit_writer.hpp"
#include "tests/storage/pretend_sink.hpp"
#include "tests/storage/support.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace connectd::storage::testing {
namespace {

using outcome = result<std::uint64_t>;
using pending = std::shared_ptr<running<outcome>>;

struct fixture {
    pretend_sink disk;
    loop io;

    // Starts a commit of one row and brings it as far as the writer's queue.
    pending queue(commit_writer& writer, write_batch batch) {
        auto started = io.start(writer.commit(std::move(batch)));
        io.poll();
        return started;
    }
    pending queue(commit_writer& writer, std::string key) {
        return queue(writer, putting(family::meta, std::move(key), "value"));
    }

    // Occupies the writer: from here on everything queues, until release.
    pending occupy(commit_writer& writer) {
        disk.hold();
        auto first = queue(writer, "occupying");
        disk.wait_until_held();
        return first;
    }
};

write_batch claiming(std::string key) {
    auto batch = putting(family::meta, key, "claimed");
    batch.require_absent(family::meta, std::move(key));
    return batch;
}

task<outcome> commit_then_throw(commit_writer& writer, std::string key) {
    auto const done = co_await writer.commit(putting(family::meta, std::move(key), "value"));
    throw std::runtime_error(done ? "thrown by the caller" : "not committed");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(commit_writer_test, fixture)

BOOST_AUTO_TEST_CASE(what_waits_during_a_sync_becomes_one_group) {
    commit_writer writer(disk.sink(), {}, 100);
    auto const first = occupy(writer);
    std::vector<pending> waiting;
    for (int count = 0; count < 10; ++count)
        waiting.push_back(queue(writer, std::to_string(count)));
    disk.release();
    io.finish();
    BOOST_TEST(disk.group_sizes() == (std::vector<std::size_t>{1, 10}), boost::test_tools::per_element());
    BOOST_TEST(first->get().value() == 101U);
    for (std::size_t count = 0; count < waiting.size(); ++count)
        BOOST_TEST(waiting[count]->get().value() == 102U + count);
    BOOST_TEST(writer.figures().groups == 2U);
    BOOST_TEST(writer.figures().batches_written == 11U);
}

BOOST_AUTO_TEST_CASE(guards_see_the_batches_accepted_earlier_in_the_group) {
    commit_writer writer(disk.sink(), {}, 0);
    occupy(writer);
    auto const winner = queue(writer, claiming("row"));
    auto const loser = queue(writer, claiming("row"));
    auto const bystander = queue(writer, claiming("another row"));
    write_batch erasing;
    erasing.erase(family::meta, "row");
    auto const eraser = queue(writer, erasing);
    auto const successor = queue(writer, claiming("row"));
    disk.release();
    io.finish();
    BOOST_TEST(disk.group_sizes().size() == 2U);
    BOOST_TEST(winner->get().has_value());
    BOOST_TEST(loser->get().error() == errc::guard_failed);
    BOOST_TEST(bystander->get().has_value());
    BOOST_TEST(eraser->get().has_value());
    BOOST_TEST(successor->get().has_value());
    BOOST_TEST(disk.versions().at("row") == successor->get().value());
    BOOST_TEST(writer.figures().batches_refused == 1U);
}

BOOST_AUTO_TEST_CASE(a_version_given_earlier_in_the_group_can_be_required) {
    commit_writer writer(disk.sink(), {}, 0);
    occupy(writer);
    auto const written = queue(writer, "row");
    auto next = putting(family::meta, "row", "next");
    next.require_version(family::meta, "row", 2); // what `written` is about to get, after the occupying one
    auto const follower = queue(writer, next);
    disk.release();
    io.finish();
    BOOST_TEST(written->get().value() == 2U);
    BOOST_TEST(follower->get().value() == 3U);
}

BOOST_AUTO_TEST_CASE(a_group_takes_no_more_than_the_queue_may_hold_and_order_is_kept) {
    commit_writer writer(disk.sink(), {.batches = 3, .bytes = 1'000'000}, 0);
    occupy(writer);
    std::vector<pending> waiting;
    for (int count = 0; count < 8; ++count)
        waiting.push_back(queue(writer, std::to_string(count)));
    disk.release();
    io.finish();
    BOOST_TEST(disk.group_sizes() == (std::vector<std::size_t>{1, 3, 3, 2}),
               boost::test_tools::per_element());
    for (std::size_t count = 0; count < waiting.size(); ++count)
        BOOST_TEST(waiting[count]->get().value() == 2U + count);
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded_in_bytes_and_a_larger_batch_goes_alone) {
    commit_writer writer(disk.sink(), {.batches = 100, .bytes = 1000}, 0);
    occupy(writer);
    std::vector<pending> waiting;
    for (std::size_t const size : {400U, 400U, 5000U, 400U})
        waiting.push_back(queue(writer, putting(family::meta, "key", std::string(size, 'v'))));
    disk.release();
    io.finish();
    BOOST_TEST(disk.group_sizes() == (std::vector<std::size_t>{1, 2, 1, 1}),
               boost::test_tools::per_element());
    BOOST_TEST(std::ranges::all_of(waiting, [](auto const& each) { return each->get().has_value(); }));
}

BOOST_AUTO_TEST_CASE(a_queued_commit_cannot_be_cancelled_but_the_wait_for_room_can) {
    commit_writer writer(disk.sink(), {.batches = 1, .bytes = 1000}, 0);
    occupy(writer);
    auto const queued = io.start(writer.commit(putting(family::meta, "queued", "")));
    io.poll();
    auto const waiting = io.start(writer.commit(putting(family::meta, "waiting", "")));
    io.poll();
    auto const behind = queue(writer, "behind");
    queued->cancel.emit(boost::asio::cancellation_type::terminal);
    waiting->cancel.emit(boost::asio::cancellation_type::terminal);
    io.poll();
    BOOST_TEST(!queued->finished);
    BOOST_REQUIRE(waiting->finished);
    BOOST_TEST(waiting->get().error() == boost::asio::error::operation_aborted);
    disk.release();
    io.finish();
    BOOST_TEST(queued->get().has_value());
    BOOST_TEST(behind->get().has_value());
    BOOST_TEST(disk.versions().contains("queued"));
    BOOST_TEST(!disk.versions().contains("waiting"));
}

BOOST_AUTO_TEST_CASE(a_failed_sync_fails_its_group_and_everything_after_it) {
    commit_writer writer(disk.sink(), {}, 0);
    auto const before = queue(writer, "before");
    io.finish();
    BOOST_TEST(before->get().has_value());
    auto const occupying = occupy(writer);
    auto const queued = queue(writer, "queued");
    disk.fail_with("no space left on the device");
    disk.release();
    io.finish();
    BOOST_TEST(occupying->get().error() == errc::store_failed);
    BOOST_TEST(queued->get().error() == errc::store_failed);
    BOOST_TEST(!writer.writable());
    BOOST_TEST(writer.failure() == "no space left on the device");

    auto const writes = disk.group_sizes().size();
    BOOST_TEST(io.run(writer.commit(putting(family::meta, "after", ""))).error() == errc::store_failed);
    BOOST_TEST(io.run(writer.commit({})).error() == errc::store_failed);
    BOOST_TEST(disk.group_sizes().size() == writes);
    BOOST_TEST(disk.versions().contains("before"));
    BOOST_TEST(!disk.versions().contains("after"));
}

BOOST_AUTO_TEST_CASE(a_refusal_that_rests_on_a_lost_batch_is_no_refusal) {
    commit_writer writer(disk.sink(), {}, 0);
    occupy(writer);
    queue(writer, claiming("row"));
    auto const loser = queue(writer, claiming("row"));
    disk.fail_with("lost");
    disk.release();
    io.finish();
    // The row of the winner is not there, so "it exists already" would be a lie.
    BOOST_TEST(loser->get().error() == errc::store_failed);
}

BOOST_AUTO_TEST_CASE(a_sink_that_throws_is_a_failed_write) {
    commit_writer writer(disk.sink(), {}, 0);
    disk.throw_on_write();
    BOOST_TEST(io.run(writer.commit(putting(family::meta, "row", ""))).error() == errc::store_failed);
    BOOST_TEST(writer.failure() == "out of memory, say");
}

BOOST_AUTO_TEST_CASE(the_first_reason_of_a_failure_stays) {
    commit_writer writer(disk.sink(), {}, 0);
    writer.fail("compaction found damage");
    writer.fail("and then this");
    BOOST_TEST(!writer.writable());
    BOOST_TEST(writer.failure() == "compaction found damage");
    BOOST_TEST(io.run(writer.commit(putting(family::meta, "row", ""))).error() == errc::store_failed);
    BOOST_TEST(disk.group_sizes().empty());
}

BOOST_AUTO_TEST_CASE(an_unreadable_guard_fails_only_its_batch) {
    commit_writer writer(disk.sink(), {}, 0);
    disk.make_unreadable("damaged");
    BOOST_TEST(io.run(writer.commit(claiming("damaged"))).error() == errc::read_failed);
    BOOST_TEST(writer.writable());
    BOOST_TEST(io.run(writer.commit(claiming("sound"))).has_value());
}

BOOST_AUTO_TEST_CASE(closing_writes_what_is_queued_and_refuses_the_rest) {
    commit_writer writer(disk.sink(), {.batches = 2, .bytes = 1000}, 0);
    auto const occupying = occupy(writer);
    std::vector<pending> waiting;
    for (int count = 0; count < 5; ++count)
        waiting.push_back(queue(writer, std::to_string(count)));
    std::thread closing([&] { writer.close(); });
    while (writer.writable())
        std::this_thread::yield();
    auto const late = queue(writer, "late");
    disk.release();
    closing.join();
    io.finish();
    BOOST_TEST(occupying->get().has_value());
    BOOST_TEST(std::ranges::all_of(waiting, [](auto const& each) { return each->get().has_value(); }));
    BOOST_TEST(late->get().error() == errc::store_closed);
    BOOST_TEST(!disk.versions().contains("late"));
}

// The sanitizer is the judge: neither the waiters nor the coroutines behind them may leak.
BOOST_AUTO_TEST_CASE(completions_that_nobody_runs_are_destroyed_with_their_loop) {
    pending abandoned;
    {
        loop gone;
        commit_writer writer(disk.sink(), {}, 0);
        disk.hold(); // it cannot be done while the loop still runs
        abandoned = gone.start(writer.commit(putting(family::meta, "row", "")));
        gone.poll();
        disk.release();
        writer.close();
    }
    BOOST_TEST(!abandoned->finished);
    BOOST_TEST(abandoned.use_count() == 1);
    BOOST_TEST(disk.versions().contains("row"));
}

BOOST_AUTO_TEST_CASE(an_exception_in_one_caller_does_not_lose_the_others) {
    commit_writer writer(disk.sink(), {}, 0);
    occupy(writer);
    auto const first = queue(writer, "first");
    boost::asio::co_spawn(io.context(), commit_then_throw(writer, "second"),
                          [](std::exception_ptr thrown, outcome const&) {
                              if (thrown)
                                  std::rethrow_exception(thrown);
                          });
    io.poll();
    auto const third = queue(writer, "third");
    disk.release();
    BOOST_CHECK_EXCEPTION(io.finish(), std::runtime_error, [](auto const& thrown) {
        return std::string_view(thrown.what()) == "thrown by the caller";
    });
    io.finish();
    BOOST_TEST(first->get().has_value());
    BOOST_TEST(third->get().has_value());
}

BOOST_AUTO_TEST_CASE(many_threads_commit_at_once) {
    loops threads(4);
    commit_writer writer(disk.sink(), {.batches = 16, .bytes = 1000}, 0);
    std::vector<pending> all;
    for (std::size_t count = 0; count < 2000; ++count)
        all.push_back(
            threads[count].start(writer.commit(putting(family::meta, std::to_string(count), "value"))));
    threads.finish();
    BOOST_TEST(std::ranges::all_of(all, [](auto const& each) { return each->get().has_value(); }));
    BOOST_TEST(disk.versions().size() == 2000U);
    BOOST_TEST(std::ranges::max(disk.group_sizes()) <= 16U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

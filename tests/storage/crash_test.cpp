// Goal: what a commit has acknowledged survives a kill at any moment, whole; what it has not is there whole
// or not at all. Method: run a real writer process, kill it with SIGKILL at random moments (while it opens,
// writes, flushes, compacts), open its store, compare every row with what crash_plan allows, and go on with
// the same store in the next round.
#include "tests/storage/child_process.hpp"
#include "tests/storage/crash_plan.hpp"
#include "tests/storage/support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstring>
#include <iostream>
#include <map>
#include <random>

namespace connectd::storage::testing {
namespace {

constexpr int rounds = 120;

using clock = std::chrono::steady_clock;
using batch_name = std::pair<std::uint32_t, std::uint64_t>;

std::uint64_t seed() {
    auto const* const given = std::getenv("CONNECTD_CRASH_SEED");
    return given != nullptr ? std::stoull(given) : std::random_device()();
}

// What the test knows of the store without looking into it.
struct knowledge {
    std::array<std::uint64_t, crash_plan::lanes> acknowledged{};
    std::map<batch_name, std::uint64_t> versions;
    std::uint64_t newest_version = 0;
    std::uint64_t acknowledgements = 0;
    std::uint64_t unacknowledged_but_written = 0;
    int killed_before_ready = 0;

    // Takes in whole reports from the front of what came through the pipe; answers whether `ready` was among
    // them.
    bool learn(std::string& received) {
        bool ready = false;
        crash_plan::report report;
        std::size_t used = 0;
        for (; received.size() - used >= sizeof report; used += sizeof report) {
            std::memcpy(&report, received.data() + used, sizeof report);
            if (report.lane == crash_plan::report::ready) {
                ready = true;
                continue;
            }
            BOOST_REQUIRE(report.lane < crash_plan::lanes);
            BOOST_TEST(report.batch == acknowledged[report.lane] + 1);
            acknowledged[report.lane] = report.batch;
            versions[{report.lane, report.batch}] = report.version;
            ++acknowledgements;
        }
        received.erase(0, used);
        return ready;
    }
};

// One life of the writer. Most are killed some time after opening, some while opening.
void run_and_kill(std::string const& folder, std::mt19937_64& random, knowledge& known) {
    child_process writer({CRASH_WRITER, folder});
    std::string received;
    auto const within = [&](int microseconds) {
        return std::chrono::microseconds(std::uniform_int_distribution<int>(0, microseconds)(random));
    };
    bool ready = false;
    bool const during_opening = std::uniform_int_distribution<int>(0, 7)(random) == 0;
    auto deadline = clock::now() + (during_opening ? within(60'000) : std::chrono::microseconds(30'000'000));
    for (bool more = true; more;) {
        auto const some = writer.read_until(deadline);
        received += some;
        if (known.learn(received) && !during_opening) {
            ready = true;
            deadline = clock::now() + within(40'000);
        }
        more = !some.empty();
    }
    writer.kill_hard();
    received += writer.read_all();
    ready = known.learn(received) || ready;
    known.killed_before_ready += ready ? 0 : 1;
    BOOST_TEST(received.empty());
    BOOST_TEST(writer.wait_for_end() == -SIGKILL);
}

std::map<std::string, row> all_rows(kv& store, family where) {
    loop io;
    std::map<std::string, row> all;
    scan_range range{{}, {}, max_page_rows, false};
    for (;;) {
        auto part = io.run(store.scan(where, range)).value();
        for (auto& each : part.rows)
            all[each.key] = {std::move(each.value), each.version};
        if (!part.resume)
            return all;
        range = resumed(range, *part.resume);
    }
}

using everything = std::map<family, std::map<std::string, row>>;

// The rows of one batch must all be there, as planned and of one version; they are taken out of `found`.
void check_batch(everything& found, knowledge& known, batch_name name, std::uint64_t& version) {
    auto const [lane, batch] = name;
    for (std::uint64_t at = 0; at < crash_plan::rows_in(lane, batch); ++at) {
        auto& rows = found[crash_plan::family_of(at)];
        auto const taken = rows.extract(crash_plan::row_key(lane, batch, at));
        BOOST_REQUIRE(!taken.empty());
        BOOST_TEST((taken.mapped().value == crash_plan::row_value(lane, batch, at)));
        if (at == 0)
            version = taken.mapped().version;
        BOOST_TEST(taken.mapped().version == version);
    }
    auto const told = known.versions.find(name);
    if (told != known.versions.end())
        BOOST_TEST(told->second == version);
}

void check_lane(everything& found, knowledge& known, std::uint32_t lane) {
    BOOST_TEST_INFO_SCOPE("lane " << lane << ", acknowledged up to " << known.acknowledged[lane]);
    auto const head = found[crash_plan::head_family].extract(crash_plan::head_key(lane));
    auto const last = head.empty() ? 0 : std::stoull(head.mapped().value);
    BOOST_TEST(last >= known.acknowledged[lane]);
    BOOST_TEST(last <= known.acknowledged[lane] + 1);
    std::uint64_t version = 0;
    for (auto batch = last > crash_plan::window ? last - crash_plan::window + 1 : 1; batch <= last; ++batch)
        check_batch(found, known, {lane, batch}, version);
    if (last > 0)
        BOOST_TEST(head.mapped().version == version);
    if (last > known.acknowledged[lane]) {
        ++known.unacknowledged_but_written;
        known.acknowledged[lane] = last;
    }
    known.newest_version = std::max(known.newest_version, version);
}

void check_store(std::string const& folder, knowledge& known) {
    loop io; // outlives the store, whose writer posts to it
    auto const store = rocksdb_store::open(crash_plan::options(folder)).value();
    everything found;
    for (auto const which : all_families)
        if (which != family::meta)
            found[which] = all_rows(*store, which);
    auto const before = known.newest_version;
    for (std::uint32_t lane = 0; lane < crash_plan::lanes; ++lane)
        check_lane(found, known, lane);
    BOOST_TEST(known.newest_version >= before);
    for (auto const& [which, rows] : found)
        BOOST_TEST(rows.empty(), "rows that belong to no whole batch in " << name_of(which));
    // A commit after the crash continues the versions.
    write_batch probe;
    probe.erase(family::audit, "probe");
    auto const version = io.run(store->commit(std::move(probe))).value();
    BOOST_TEST(version > known.newest_version);
    known.newest_version = version;
    known.versions.clear();
}

} // namespace

BOOST_AUTO_TEST_SUITE(crash_test)

BOOST_AUTO_TEST_CASE(acknowledged_batches_survive_a_kill_whole_and_others_are_never_there_in_part) {
    auto const chosen = seed();
    std::cout << "crash test: seed " << chosen << " (repeat with CONNECTD_CRASH_SEED)" << std::endl;
    BOOST_TEST_CONTEXT("seed " << chosen) {
        std::mt19937_64 random(chosen);
        scratch_folder scratch;
        auto const folder = (scratch.path() / "store").string();
        knowledge known;
        for (int round = 0; round < rounds; ++round) {
            BOOST_TEST_INFO_SCOPE("round " << round);
            run_and_kill(folder, random, known);
            check_store(folder, known);
        }
        std::cout << "crash test: " << rounds << " kills, " << known.killed_before_ready
                  << " of them while opening; " << known.acknowledgements
                  << " batches acknowledged and found; " << known.unacknowledged_but_written
                  << " found whole without acknowledgement" << std::endl;
        BOOST_TEST(known.killed_before_ready < rounds / 2);
        BOOST_TEST(known.acknowledgements > static_cast<std::uint64_t>(rounds));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::storage::testing

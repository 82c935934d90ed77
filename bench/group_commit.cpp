// What a durable commit costs, by the number of coroutines that wait for one.
//
// Workload: rows of 1 KiB with keys in random order, each its own commit. `ours`: W coroutines on one I/O
// thread commit through rocksdb_store, again and again, so W is the most that can be in a group. `raw`: one
// thread writes W such rows as one synced RocksDB batch with the same settings, no queue, no guards, no
// versions and no coroutines: the ceiling. Both run in turn, so that a change of the machine's mood meets
// both. Figures: commits a second (median of the runs and their spread), the ratio to the ceiling, batches in
// a group, CPU of the whole process per commit. The guarded line adds a guard that the row is absent, which
// is a lookup.
//
// usage: bench_group_commit [FOLDER]   (a folder on the disk in question; default: the temporary folder)
#include "bench/harness.hpp"
#include "storage/rocksdb/rocksdb_store.hpp"
#include "storage/rocksdb/tuning.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace {

namespace bench = connectd::bench;
namespace storage = connectd::storage;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t row_size = 1024;
constexpr auto run_time = std::chrono::milliseconds(400);
constexpr int runs = 7;

// A different key each time, spread over the key space as ids of many workspaces are.
class key_source {
  public:
    std::string next() {
        state_ = state_ * 6364136223846793005 + 1442695040888963407;
        auto const mixed = state_ ^ (state_ >> 29);
        return std::string(reinterpret_cast<char const*>(&mixed), sizeof mixed) + std::to_string(++count_);
    }

  private:
    std::uint64_t state_ = 0x9e3779b97f4a7c15;
    std::uint64_t count_ = 0;
};

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct shared {
    explicit shared(storage::kv& target) : store(target) {}

    storage::kv& store;
    key_source keys;
    std::string value = std::string(row_size, 'v');
    clock_type::time_point until;
    bool guarded = false;
    std::uint64_t commits = 0;
};

storage::task<void> keep_committing(shared& work) {
    while (clock_type::now() < work.until) {
        storage::write_batch batch;
        auto key = work.keys.next();
        if (work.guarded)
            batch.require_absent(storage::family::tokens, key);
        batch.put(storage::family::tokens, std::move(key), work.value);
        auto const done = co_await work.store.commit(std::move(batch));
        if (!done)
            throw std::runtime_error("commit: " + done.error().message());
        ++work.commits;
    }
}

void rethrow(std::exception_ptr thrown) {
    if (thrown)
        std::rethrow_exception(thrown);
}

struct figures {
    std::vector<double> rates;
    double cpu_microseconds = 0;
    double group = 0;
};

class ours {
  public:
    explicit ours(std::filesystem::path const& folder)
        : store_(storage::rocksdb_store::open({folder, true, {}, {}}).value()), work_(*store_) {}

    void run(int writers, bool guarded, figures& into) {
        auto const before = store_->figures();
        auto const cpu = cpu_seconds();
        work_.commits = 0;
        work_.guarded = guarded;
        auto const start = clock_type::now();
        work_.until = start + run_time;
        boost::asio::io_context context(1);
        for (int count = 0; count < writers; ++count)
            boost::asio::co_spawn(context, keep_committing(work_), rethrow);
        context.run();
        auto const took = std::chrono::duration<double>(clock_type::now() - start).count();
        auto const commits = static_cast<double>(work_.commits);
        into.rates.push_back(commits / took);
        into.cpu_microseconds = (cpu_seconds() - cpu) / commits * 1e6;
        auto const after = store_->figures();
        into.group = static_cast<double>(after.batches_written - before.batches_written) /
                     static_cast<double>(after.groups - before.groups);
    }

  private:
    std::unique_ptr<storage::rocksdb_store> store_;
    shared work_;
};

class raw {
  public:
    explicit raw(std::filesystem::path const& folder) {
        auto options = storage::tuned_options({});
        options.create_if_missing = true;
        rocksdb::DB* opened = nullptr;
        auto const status = rocksdb::DB::Open(options, folder.string(), &opened);
        if (!status.ok())
            throw std::runtime_error(status.ToString());
        db_.reset(opened);
    }

    void run(int writers, figures& into) {
        auto const cpu = cpu_seconds();
        auto const start = clock_type::now();
        double commits = 0;
        while (clock_type::now() < start + run_time) {
            rocksdb::WriteBatch batch;
            for (int count = 0; count < writers; ++count)
                batch.Put(keys_.next(), value_);
            auto const status = db_->Write(storage::durable_write(), &batch);
            if (!status.ok())
                throw std::runtime_error(status.ToString());
            commits += writers;
        }
        into.rates.push_back(commits / std::chrono::duration<double>(clock_type::now() - start).count());
        into.cpu_microseconds = (cpu_seconds() - cpu) / commits * 1e6;
        into.group = writers;
    }

  private:
    std::unique_ptr<rocksdb::DB> db_;
    key_source keys_;
    std::string value_ = std::string(row_size, 'v');
};

void print(char const* name, int writers, figures const& measured, double ceiling) {
    bench::spread const rates(measured.rates);
    std::printf("%4d writers  %-12s %9.0f /s  [%.0f .. %.0f]  group %5.1f  cpu %5.1f us", writers, name,
                rates.median(), rates.low(), rates.high(), measured.group, measured.cpu_microseconds);
    if (ceiling > 0)
        std::printf("  %.2f of raw", rates.median() / ceiling);
    std::printf("\n");
    std::fflush(stdout);
}

void compare(raw& ceiling, ours& store, int writers) {
    figures plain;
    figures queued;
    figures guarded;
    for (int count = 0; count <= runs; ++count) {
        if (count == 1) // the first one only warms up
            plain = queued = guarded = {};
        ceiling.run(writers, plain);
        store.run(writers, false, queued);
        store.run(writers, true, guarded);
    }
    auto const rate = bench::spread(plain.rates).median();
    print("raw", writers, plain, 0);
    print("ours", writers, queued, rate);
    print("ours guarded", writers, guarded, rate);
}

} // namespace

int main(int argc, char** argv) {
    auto pattern = (argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path()) /
                   "connectd-bench-XXXXXX";
    auto text = pattern.string();
    if (mkdtemp(text.data()) == nullptr) {
        std::perror(text.c_str());
        return 1;
    }
    std::filesystem::path const folder = text;
    {
        raw ceiling(folder / "raw");
        ours store(folder / "ours");
        for (int const writers : {1, 4, 16, 64, 128, 256})
            compare(ceiling, store, writers);
    }
    std::filesystem::remove_all(folder);
}

// What keeping a million accounts alive costs: the start, the memory, a look at the clock, a refresh, and how
// late refreshes are when a day's worth of them falls due within an hour.
//
// `fill` connects N accounts (default 1,000,000) to the store in FOLDER, through the service that callbacks
// use; they fall due one after another within an hour. `run`, a process of its own, does on that store what
// the background thread does, with a platform that answers at once. In turn: opens the store and reads what
// is due first; looks at the clock with nothing due; leaps to that hour; follows the clock into it for
// SECONDS (60); leaps to its end and works on what has piled up for as long. Each refresh is two durable
// commits, an opened and a sealed token and one call. A store that `run` has been at is used up: the accounts
// have moved on.
//
// usage: bench_refresh fill FOLDER [N] | bench_refresh run FOLDER [SECONDS]
#include "bench/harness.hpp"
#include "crypto/guarded_key.hpp"
#include "crypto/keyring.hpp"
#include "platforms/catalog.hpp"
#include "server/run_now.hpp"
#include "server/runtime/metrics.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/credentials.hpp"
#include "server/services/discovery_cache.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/refresh/notices.hpp"
#include "server/services/refresh/scheduler.hpp"
#include "server/services/workspaces.hpp"
#include "storage/rocksdb/rocksdb_store.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace {

namespace bench = connectd::bench;
namespace crypto = connectd::crypto;
namespace platforms = connectd::platforms;
namespace refresh = connectd::server::services::refresh;
namespace runtime = connectd::server::runtime;
namespace services = connectd::server::services;
namespace storage = connectd::storage;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr runtime::sys_ms hour_begins{std::chrono::milliseconds{1'800'000'000'000}};
constexpr std::size_t accounts_at_once = 200; // in a batch

// How long before its due time an account of X is connected, without jitter.
constexpr std::chrono::seconds ahead = 7200s - 300s;

// One for the whole program, as run_now wants it.
boost::asio::io_context loop{1};

template <class T>
T run_now(runtime::task<T> work) {
    return connectd::server::run_now(loop, std::move(work));
}

crypto::master_keys masters() {
    std::vector<crypto::guarded_key> keys;
    keys.push_back(crypto::guarded_key::from_hex(std::string(64, 'a')).value());
    return crypto::master_keys::from(keys).value();
}

services::settings plain_settings() {
    services::settings chosen;
    chosen.public_url = "https://connect.example";
    chosen.plans = {{"team", {.features = {"own_credentials"}, .credential_slots = {}}}};
    return chosen;
}

// Follows the real time from wherever it was set.
class movable_clock final : public runtime::clock {
  public:
    runtime::sys_ms now() const noexcept override {
        return at_ + std::chrono::floor<std::chrono::milliseconds>(steady::now() - since_);
    }
    void set(runtime::sys_ms moment) {
        at_ = moment;
        since_ = steady::now();
    }

  private:
    runtime::sys_ms at_ = hour_begins;
    steady::time_point since_ = steady::now();
};

class instant_platform final : public platforms::http::client {
  public:
    platforms::task<platforms::result<platforms::http::response>> send(platforms::http::request,
                                                                       platforms::deadline) override {
        auto const number = std::to_string(++calls);
        platforms::http::response said;
        said.status = 200;
        said.body = R"({"token_type":"bearer","expires_in":7200,"access_token":")" + std::string(80, 'a') +
                    number + R"(","scope":"tweet.read","refresh_token":")" + std::string(80, 'r') + number +
                    R"("})";
        co_return said;
    }
    std::uint64_t calls = 0;
};

std::unique_ptr<storage::rocksdb_store> opened(std::string const& folder) {
    auto store = storage::rocksdb_store::open({.folder = folder, .memory = {}, .limits = {}});
    if (store.has_error()) {
        std::fprintf(stderr, "the store cannot be opened\n");
        std::exit(1);
    }
    return std::move(*store);
}

struct world {
    explicit world(std::string const& folder) : store{opened(folder)} {}

    std::unique_ptr<storage::rocksdb_store> store;
    movable_clock clock;
    services::settings chosen = plain_settings();
    platforms::catalog catalog = platforms::built_in_catalog();
    services::vault keys{*store, masters(), clock};
    services::discovery_cache discoveries;
    refresh::desk desk;
};

void fill(std::string const& folder, std::size_t count) {
    world all{folder};
    services::api_key_revision revision{0};
    services::workspaces workspaces{*all.store, all.keys, all.clock, all.chosen, revision};
    instant_platform unused;
    services::platform_resolver resolver{all.discoveries, unused, all.clock, all.chosen};
    services::credentials apps{*all.store, all.keys, all.catalog, all.clock, all.chosen, resolver};
    services::account_commit commits{*all.store, all.keys, all.clock, all.desk};
    auto const home = run_now(workspaces.create({.slug = "bench", .name = "Bench", .plan = {}})).value();
    services::new_credentials wanted;
    wanted.platform = "x";
    wanted.client_id = "app";
    wanted.client_secret = crypto::secret::copy_of("secret");
    auto const app = run_now(apps.create(home.id, std::move(wanted))).value();
    for (std::size_t done = 0; done < count; done += accounts_at_once) {
        auto const share = static_cast<double>(done) / static_cast<double>(count);
        auto const into = std::chrono::floor<std::chrono::milliseconds>(share * std::chrono::hours{1});
        all.clock.set(hour_begins - ahead + into);
        services::new_connection made;
        made.workspace = home.id;
        made.profile = home.default_profile;
        made.credentials = app.id;
        made.platform = all.catalog.find("x");
        made.grant_owner = std::to_string(done);
        for (std::size_t each = 0; each < accounts_at_once && done + each < count; ++each) {
            auto& account = made.accounts.emplace_back();
            account.tokens.access_token = crypto::secret::copy_of(std::string(80, 'a'));
            account.tokens.refresh_token = crypto::secret::copy_of(std::string(80, 'r'));
            account.who.id = std::to_string(done + each);
            account.who.username = "person" + account.who.id;
        }
        run_now(commits.store(std::move(made))).value();
    }
    all.store->close();
    std::printf("%zu accounts\n", count);
}

double resident_mebi() {
    std::ifstream file{"/proc/self/statm"};
    std::size_t size = 0;
    std::size_t resident = 0;
    file >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

double seconds_since(steady::time_point start) {
    return std::chrono::duration<double>(steady::now() - start).count();
}

// The part of the background thread that refreshes.
struct background {
    explicit background(world& all, refresh::scheduler::options chosen)
        : resolver{all.discoveries, platform, all.clock, all.chosen},
          does_it{*all.store, all.keys,   all.catalog, platform,
                  all.clock,  all.chosen, resolver,    chosen.plan.lane.at_once},
          one_each{does_it, counted, work},
          tells{*all.store, all.catalog, all.clock, all.chosen},
          runs{{*all.store, all.clock, one_each, tells, all.desk, counted, work},
               chosen,
               loop.get_executor()} {
        main_loop.spawn("scheduler", runs.run());
    }
    ~background() {
        main_loop.cancel();
        loop.restart();
        loop.run();
    }

    // Does what can be done without waiting.
    void catch_up() {
        loop.restart();
        loop.poll();
    }
    void go_on_for(std::chrono::milliseconds time) {
        loop.restart();
        loop.run_for(time);
    }

    runtime::metrics_registry metrics;
    refresh::meters counted{metrics};
    instant_platform platform;
    runtime::task_group work{loop.get_executor(), "work"};
    runtime::task_group main_loop{loop.get_executor(), "loop"};
    services::platform_resolver resolver;
    refresh::spender does_it;
    refresh::refresher one_each;
    refresh::notices tells;
    refresh::scheduler runs;
};

// Lines of the histogram of lateness.
void print_lateness(background const& shown) {
    auto const text = shown.metrics.expose();
    std::string_view const name = "connectd_refresh_lateness_seconds_";
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;) {
        auto const end = text.find('\n', at);
        std::printf("  %s\n", text.substr(at + name.size(), end - at - name.size()).c_str());
        at = end;
    }
}

void follow(background& runs, std::string_view name, std::chrono::seconds time) {
    auto const calls = runs.platform.calls;
    auto const cpu = cpu_seconds();
    auto const start = steady::now();
    runs.go_on_for(time);
    auto const took = seconds_since(start);
    auto const done = static_cast<double>(runs.platform.calls - calls);
    std::printf("%.*s: %.0f refreshes, %.0f a second, %.0f us of CPU each, resident %.0f MiB\n",
                static_cast<int>(name.size()), name.data(), done, done / took,
                (cpu_seconds() - cpu) / std::max(done, 1.0) * 1e6, resident_mebi());
}

void measure(std::string const& folder, std::chrono::seconds time) {
    auto const begin = steady::now();
    world all{folder};
    all.clock.set(hour_begins - 5min); // half of what is looked ahead for
    {
        background runs{all, {}};
        runs.catch_up();
        std::printf("start until what is due first has been read: %.3f s, resident %.0f MiB\n",
                    seconds_since(begin), resident_mebi());
        bench::run("a look at the clock with nothing due", [&](std::uint64_t times) {
            for (std::uint64_t turn = 0; turn < times; ++turn) {
                runs.runs.look();
                runs.catch_up();
            }
        });
        all.clock.set(hour_begins);
        follow(runs, "a leap to the hour", time);
    }
    background runs{all, {}}; // whose meters know nothing of the leap
    follow(runs, "the hour as it comes", time);
    std::printf("seconds late:\n");
    print_lateness(runs);
    all.clock.set(hour_begins + 1h);
    follow(runs, "a leap to its end, with the whole hour due", time);
}

} // namespace

int main(int count, char** words) {
    std::vector<std::string> const said{words + 1, words + count};
    if (said.size() >= 2 && said[0] == "fill") {
        fill(said[1], said.size() > 2 ? std::strtoull(said[2].c_str(), nullptr, 10) : 1'000'000);
    } else if (said.size() >= 2 && said[0] == "run") {
        measure(said[1], std::chrono::seconds{said.size() > 2 ? std::atoi(said[2].c_str()) : 60});
    } else {
        std::fprintf(stderr, "usage: bench_refresh fill FOLDER [N] | bench_refresh run FOLDER [SECONDS]\n");
        return 2;
    }
}

// What a request pays to say who it comes from: the whole check of an API key as the server does it, for a
// key that the thread has seen before and for one that it has to read from the store.
//
// Workloads: authenticate a known key; authenticate one of 20,000 keys that are never remembered (memory
// store); refuse an unknown, well-formed key. One thread, one io_context.
#include "bench/harness.hpp"
#include "server/run_now.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/workspaces.hpp"
#include "storage/memory/memory_store.hpp"
#include "storage/tables/workspaces.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

namespace bench = connectd::bench;
namespace crypto = connectd::crypto;
namespace runtime = connectd::server::runtime;
namespace services = connectd::server::services;
namespace storage = connectd::storage;

// One for the whole program, as run_now wants it.
boost::asio::io_context loop{1};

template <class T>
T run_now(runtime::task<T> work) {
    return connectd::server::run_now(loop, std::move(work));
}

// True when every answer was as expected, so that a bench of failures cannot pass for one of successes.
runtime::task<bool> check(services::api_keys& keys, std::vector<std::string> const& texts,
                          std::uint64_t times, bool known) {
    bool as_expected = true;
    for (std::uint64_t turn = 0; turn < times; ++turn) {
        auto const who = co_await keys.authenticate(texts[turn % texts.size()]);
        as_expected = as_expected && who.has_value() == known;
    }
    co_return as_expected;
}

std::string make_key(services::api_keys& keys, std::string const& workspace) {
    auto const made = run_now(keys.create(workspace, {.name = "bench", .scopes = {}}));
    return std::string{made.value().key.reveal()};
}

void run(std::string_view name, services::api_keys& keys, std::vector<std::string> const& texts, bool known) {
    bench::run(name, [&](std::uint64_t times) {
        if (!run_now(check(keys, texts, times, known))) {
            std::abort();
        }
    });
}

} // namespace

int main() {
    storage::memory_store store;
    runtime::system_clock const clock;
    services::api_key_revision revision{0};
    services::api_keys keys{store, clock, revision};
    storage::workspace home;
    home.id = crypto::workspace_id::make(clock.now());
    home.slug = "bench";
    storage::write_batch batch;
    storage::workspaces::create(batch, home);
    run_now(store.commit(std::move(batch))).value();

    run("a key this thread knows", keys, {make_key(keys, home.id.to_string())}, true);
    std::vector<std::string> many;
    for (int number = 0; number < 20'000;
         ++number) { // twice what a thread remembers, in turn: never remembered
        many.push_back(make_key(keys, home.id.to_string()));
    }
    run("a key read from the store", keys, many, true);
    auto const stranger = crypto::make_api_key(crypto::api_key_kind::live);
    run("an unknown key", keys, {std::string{stranger.text.reveal()}}, false);
}

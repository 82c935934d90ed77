// What the tests of the services stand on: a store in memory, a clock that stands still, the built-in
// platforms and one workspace. One thread unless a test says otherwise.
#pragma once

#include "crypto/guarded_key.hpp"
#include "crypto/keyring.hpp"
#include "platforms/catalog.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/connect_claims.hpp"
#include "server/services/credentials.hpp"
#include "server/services/discovery_cache.hpp"
#include "server/services/error.hpp"
#include "server/services/instance_apps.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/profiles.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/sessions.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "server/services/workspaces.hpp"
#include "storage/memory/memory_store.hpp"
#include "tests/platforms/scripted_client.hpp"
#include "tests/support/run_task.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::services {

inline std::ostream& boost_test_print_type(std::ostream& out, errc code) {
    return out << name_of(code);
}

} // namespace connectd::server::services

namespace connectd::server::services::testing {

using namespace std::chrono_literals;

// Master keys that differ by their letter, the first of which wraps.
inline crypto::master_keys masters(std::string_view letters) {
    std::vector<crypto::guarded_key> keys;
    for (char const letter : letters) {
        keys.push_back(crypto::guarded_key::from_hex(std::string(64, letter)).value());
    }
    return crypto::master_keys::from(keys).value();
}

// A memory store in which others can get in between: it lets other coroutines run before each operation, and
// calls `before_commit` once, before the next commit.
class interleaved_store final : public storage::kv {
  public:
    storage::task<storage::result<std::optional<storage::row>>> get(storage::family where,
                                                                    std::string key) override {
        co_await step_aside();
        co_return co_await below.get(where, std::move(key));
    }
    storage::task<storage::result<storage::page>> scan(storage::family where,
                                                       storage::scan_range range) override {
        co_await step_aside();
        co_return co_await below.scan(where, std::move(range));
    }
    storage::task<storage::result<std::uint64_t>> commit(storage::write_batch batch) override {
        co_await step_aside();
        if (auto const first = std::exchange(before_commit, nullptr)) {
            first();
        }
        ++commits;
        co_return co_await below.commit(std::move(batch));
    }
    bool writable() const noexcept override { return below.writable(); }
    std::string failure() const override { return below.failure(); }
    void close() override { below.close(); }

    storage::memory_store below;
    std::function<void()> before_commit;
    std::size_t commits = 0;

  private:
    static storage::task<void> step_aside() {
        auto const executor = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(executor,
                                   boost::asio::use_awaitable_t<boost::asio::io_context::executor_type>{});
    }
};

// Every row of a store, for comparisons and for searching what must not be there.
inline std::string everything_in(storage::kv& store) {
    boost::asio::io_context io{1};
    std::string all;
    for (auto const where : storage::all_families) {
        auto const page = tests::run(io, store.scan(where, {{}, {}, storage::max_page_rows, false})).value();
        for (auto const& row : page.rows) {
            all.append(storage::name_of(where)).append("|").append(row.key).append("|");
            all.append(row.value).append("|").append(std::to_string(row.version)).append("\n");
        }
    }
    return all;
}

inline bool holds(storage::kv& store, std::string_view text) {
    return everything_in(store).find(text) != std::string::npos;
}

inline settings usual_settings() {
    settings chosen;
    chosen.public_url = "https://connect.example";
    chosen.plans = {{"team", {.features = {"own_credentials"}, .credential_slots = {}}},
                    {"small", {.features = {"own_credentials"}, .credential_slots = 1}}};
    return chosen;
}

// Runs coroutines of any layer to their end.
class runner {
  public:
    template <class T>
    outcome<T> go(runtime::task<outcome<T>> work) {
        return tests::run(io, std::move(work));
    }

    // The value, or the test ends.
    template <class T>
    T ok(runtime::task<outcome<T>> work) {
        auto answer = go(std::move(work));
        BOOST_REQUIRE_MESSAGE(answer.has_value(),
                              answer.error().code.message() + " " + answer.error().detail);
        if constexpr (!std::is_void_v<T>) {
            return std::move(*answer);
        }
    }

    // What it failed with, or the test ends.
    template <class T>
    failure failed(runtime::task<outcome<T>> work) {
        auto const answer = go(std::move(work));
        BOOST_REQUIRE_MESSAGE(answer.has_error(), "it was expected to fail");
        return answer.error();
    }

    template <class T>
    errc refusal(runtime::task<outcome<T>> work) {
        auto const why = failed(std::move(work));
        BOOST_REQUIRE_MESSAGE(why.code.category() == error_category(), why.code.message());
        return static_cast<errc>(why.code.value());
    }

    template <class T>
    T read(storage::task<storage::result<T>> work) {
        return tests::run(io, std::move(work)).value();
    }

    boost::asio::io_context io{1};
};

// A session that names only what a test is about.
struct session_wish {
    std::string platform = "x";
    std::optional<std::string> profile_id = {};
    std::optional<std::string> return_url = {};
    std::optional<std::string> credentials_id = {};
    std::optional<std::vector<std::string>> scopes = {};
    std::optional<std::string> account_id = {};
    std::string metadata = {};
    std::optional<std::string> choose = {};
    std::optional<std::string> instance = {};

    operator new_session() const {
        return {platform,   profile_id, return_url, credentials_id, scopes,
                account_id, metadata,   false,      choose,         instance};
    }
};

inline constexpr runtime::sys_ms start_of_time{std::chrono::milliseconds{1'800'000'000'000}};

// The services over one store. `world` has no workspace yet; `workspace()` makes one.
template <class Store = storage::memory_store>
struct basic_world : runner {
    Store store;
    runtime::manual_clock clock{start_of_time};
    settings chosen = usual_settings();
    platforms::catalog catalog = platforms::built_in_catalog();
    vault keys{store, masters("a"), clock};
    connect_claims claims;
    api_key_revision revision{0};
    refresh::desk refreshes; // closed: nothing is refreshed
    tests::scripted_client client;

    discovery_cache discoveries;
    runtime::keyed_turns registrations;
    platform_resolver resolver{discoveries, client, clock, chosen};
    instance_apps instances{store, keys, client, clock, chosen, registrations};

    services::workspaces workspaces{store, keys, clock, chosen, revision};
    runtime::task_group noting{io.get_executor(), "noting"};
    services::api_keys api_keys{store, clock, revision, &noting};
    services::credentials credentials{store, keys, catalog, clock, chosen, resolver};
    services::profiles profiles{store, clock};
    services::sessions sessions{store, keys, catalog, clock, chosen, resolver, instances, claims};

    workspace_view workspace(std::string slug = "acme", std::string plan = "team") {
        return ok(workspaces.create({.slug = slug, .name = "Acme " + slug, .plan = plan}));
    }

    credentials_view x_app(crypto::workspace_id owner, std::string client_id = "client-1",
                           std::string_view secret = "a-client-secret") {
        return ok(credentials.create(owner, {.platform = "x",
                                             .client_id = std::move(client_id),
                                             .client_secret = crypto::secret::copy_of(secret),
                                             .name = {}}));
    }
};

using world = basic_world<>;
using interleaved_world = basic_world<interleaved_store>;

} // namespace connectd::server::services::testing

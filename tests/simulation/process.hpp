// One life of the program: the real services on their event loop, between a store that outlives it and a
// network that is the simulation's. At any step of it, before and after whatever it asks of the store or the
// network, it can die; then it does nothing more, and what it had in memory is gone.
//
// One thread. Everything of `surroundings` outlives it.
#pragma once

#include "platforms/catalog.hpp"
#include "server/runtime/metrics.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/disconnects.hpp"
#include "server/services/discovery_cache.hpp"
#include "server/services/event_bell.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/refresh/meters.hpp"
#include "server/services/refresh/notices.hpp"
#include "server/services/refresh/refresher.hpp"
#include "server/services/refresh/scheduler.hpp"
#include "server/services/refresh/spender.hpp"
#include "server/services/vault.hpp"
#include "server/services/webhooks/courier.hpp"
#include "server/services/webhooks/deliverer.hpp"
#include "server/services/webhooks/delivery_log.hpp"
#include "server/services/webhooks/endpoints.hpp"
#include "storage/memory/memory_store.hpp"
#include "tests/simulation/delivery_ledger.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/ledger.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>

namespace connectd::simulation {

// When it dies, and in which order what happens at once happens.
class fate {
  public:
    fate(boost::asio::io_context& io, dice& chance, std::uint64_t one_in)
        : io_{io}, chance_{chance}, one_in_{one_in}, never_{io, server::runtime::timer::time_point::max()} {}

    // Lets others go first, sometimes, and sometimes does not come back: where it matters most so many times
    // as often.
    server::runtime::task<void> step(std::uint64_t times_as_often = 1);
    bool has_come() const noexcept { return has_come_; }
    void spare() noexcept { one_in_ = 0; }

  private:
    boost::asio::io_context& io_;
    dice& chance_;
    std::uint64_t one_in_;
    server::runtime::timer never_;
    bool has_come_ = false;
};

// The store as the process sees it. What it has committed is in the ledgers before anything else happens.
class watched_store final : public storage::kv {
  public:
    struct parts {
        storage::memory_store& below;
        ledger& book;
        delivery_ledger& post;
        sys_ms const& now;
        bool ignores_guards = false; // a defect, to see it found
    };
    watched_store(parts given, fate& end) noexcept : given_{given}, fate_{end} {}

    storage::task<storage::result<std::optional<storage::row>>> get(storage::family where,
                                                                    std::string key) override;
    storage::task<storage::result<storage::page>> scan(storage::family where,
                                                       storage::scan_range range) override;
    storage::task<storage::result<std::uint64_t>> commit(storage::write_batch batch) override;
    bool writable() const noexcept override { return given_.below.writable(); }
    std::string failure() const override { return given_.below.failure(); }
    void close() override {}

  private:
    parts given_;
    fate& fate_;
};

class process {
  public:
    struct surroundings {
        watched_store::parts store;
        server::runtime::clock const& clock;
        platforms::catalog const& catalog;
        server::services::settings const& settings;
        dice& chance;
        std::uint64_t steps_in_a_life = 0; // about so many; 0: it lives on
        server::services::refresh::scheduler::options schedule;
        server::services::webhooks::deliverer::options delivering;
        // Carries a request to a platform or an endpoint, and its answer back.
        std::function<server::runtime::task<platforms::result<platforms::http::response>>(
            platforms::http::request, fate&)>
            network;
    };
    explicit process(surroundings const& around);

    // Does what there is to do at this moment.
    void go_on();
    bool dead() const noexcept { return fate_.has_come(); }
    void spare() noexcept { fate_.spare(); }

    // What people and programs ask of it; to be done by `go_on`.
    void refresh(server::services::refresh::order what);
    void connect(server::services::new_connection made);
    void disconnect(crypto::workspace_id workspace, crypto::account_id id,
                    server::services::row_wish what_becomes_of_the_row);
    void pause(crypto::workspace_id workspace, std::string webhook);
    void resume(crypto::workspace_id workspace, std::string webhook);
    void redeliver(crypto::workspace_id workspace, std::string webhook, std::string event);

  private:
    class outside final : public platforms::http::client {
      public:
        outside(surroundings const& around, fate& end) : around_{around}, fate_{end} {}
        platforms::task<platforms::result<platforms::http::response>> send(platforms::http::request what,
                                                                           platforms::deadline) override {
            return around_.network(std::move(what), fate_);
        }

      private:
        surroundings const& around_;
        fate& fate_;
    };

    surroundings const& around_;
    boost::asio::io_context io_{1};
    fate fate_;
    watched_store watched_;
    server::services::event_bell bell_;
    server::services::ringing_store store_;
    server::services::vault keys_;
    outside client_;
    server::services::discovery_cache discoveries_;
    server::services::platform_resolver resolver_;
    server::runtime::metrics_registry metrics_;
    server::services::refresh::desk desk_;
    server::runtime::task_group tasks_;
    server::runtime::task_group work_;
    server::services::refresh::spender spender_;
    server::services::refresh::meters meters_;
    server::services::refresh::refresher refresher_;
    server::services::refresh::notices notices_;
    server::services::refresh::scheduler scheduler_;
    server::services::account_commit commits_;
    server::services::disconnects disconnects_;
    server::services::webhooks::forms forms_;
    server::services::webhooks::endpoints endpoints_;
    server::services::webhooks::delivery_log deliveries_;
    server::services::webhooks::courier courier_;
    server::services::webhooks::meters delivery_meters_;
    server::services::webhooks::deliverer deliverer_;
};

} // namespace connectd::simulation

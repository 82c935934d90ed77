#include "server/background.hpp"

#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"

#include <functional>
#include <utility>

#include <pthread.h>

namespace connectd::server {
namespace {

// For endpoints that have been sent something when the shutdown begins.
constexpr std::chrono::seconds last_answers{1};

constexpr std::chrono::hours between_delivery_sweeps{1};
constexpr std::chrono::hours between_audit_sweeps{6};
constexpr std::chrono::minutes between_tenant_sweeps{5};

} // namespace

background::background(parts given)
    : given_{std::move(given)},
      busy_{boost::asio::make_work_guard(context_)},
      tasks_{context_.get_executor(), "background"},
      refreshes_{context_.get_executor(), "refreshes"},
      control_{context_.get_executor(), "control"},
      outbound_{context_, given_.names, given_.outbound},
      resolver_{given_.common.discoveries, outbound_, given_.common.clock, given_.common.settings},
      sweeper_{given_.common.store, given_.common.clock, given_.common.claims},
      revocations_{given_.common.store,
                   given_.common.vault,
                   given_.common.catalog,
                   outbound_,
                   given_.common.clock,
                   given_.common.settings,
                   resolver_},
      spender_{given_.common.store,
               given_.common.vault,
               given_.common.catalog,
               outbound_,
               given_.common.clock,
               given_.common.settings,
               resolver_,
               given_.refreshing.plan.lane.at_once},
      meters_{given_.metrics},
      refresher_{spender_, meters_, refreshes_},
      notices_{given_.common.store, given_.common.catalog, given_.common.clock, given_.common.settings},
      scheduler_{{given_.common.store, given_.common.clock, refresher_, notices_, given_.common.refreshes,
                  meters_, refreshes_},
                 given_.refreshing,
                 context_.get_executor()},
      attempts_{context_.get_executor(), "webhooks"},
      to_webhooks_{context_, given_.names, given_.to_webhooks},
      courier_{given_.common.store, given_.common.vault, to_webhooks_, given_.common.clock,
               given_.common.forms},
      delivery_meters_{given_.metrics},
      deliverer_{courier_,  given_.common.store, given_.common.clock,    delivery_meters_,
                 attempts_, given_.delivering,   context_.get_executor()},
      delivery_sweeper_{given_.common.store, given_.common.clock},
      audit_sweeper_{given_.common.store, given_.common.clock, given_.audit_retention},
      credentials_sweeper_{given_.common.store, given_.common.clock},
      workspace_remover_{given_.common.store,
                         given_.common.vault,
                         given_.common.catalog,
                         outbound_,
                         given_.common.clock,
                         given_.common.settings,
                         resolver_},
      event_sweeper_{given_.common.store, given_.common.clock} {
    using services::refresh::scheduler;
    given_.common.refreshes.open({refresher_, refreshes_, context_.get_executor(),
                                  std::bind_front(&scheduler::changed, &scheduler_),
                                  std::bind_front(&scheduler::refreshed, &scheduler_)});
    given_.common.webhook_tests.open({to_webhooks_, attempts_});
    given_.bell.listen(context_.get_executor(),
                       std::bind_front(&services::webhooks::deliverer::heard, &deliverer_));
}

background::~background() {
    if (thread_.joinable()) {
        stop(runtime::steady_now());
    }
}

void background::start() {
    tasks_.spawn("session sweeper", sweep_sessions());
    tasks_.spawn("revocations", retry_revocations());
    tasks_.spawn("refresh scheduler", scheduler_.run());
    tasks_.spawn("webhook deliverer", deliverer_.run());
    tasks_.spawn("delivery sweeper", sweep_deliveries());
    tasks_.spawn("audit sweeper", sweep_audit());
    tasks_.spawn("tenants sweeper", sweep_tenants());
    thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), "background");
        context_.run();
    });
}

void background::stop(runtime::steady_time deadline) {
    if (!thread_.joinable()) {
        return;
    }
    control_.spawn("shut down", shut_down(deadline));
    thread_.join();
}

runtime::task<void> background::shut_down(runtime::steady_time deadline) {
    refreshes_.close();
    tasks_.cancel();
    attempts_.close();
    if (!co_await refreshes_.join(deadline)) {
        runtime::log::warning("refreshes were cut off by the shutdown", {{"tasks", refreshes_.running()}});
    }
    outbound_.cancel();
    co_await refreshes_.join(runtime::deadline_in(std::chrono::seconds{2}));
    co_await attempts_.join(runtime::deadline_in(last_answers)); // what is cut off is sent again
    to_webhooks_.cancel();
    co_await attempts_.join(runtime::deadline_in(std::chrono::seconds{2}));
    co_await tasks_.join(runtime::deadline_in(std::chrono::seconds{5}));
    busy_.reset();
    context_.stop();
}

runtime::task<void> background::sweep_sessions() {
    for (;;) {
        auto const swept = co_await sweeper_.run();
        if (swept.has_error()) {
            runtime::log::warning("connect sessions could not be swept",
                                  {{"reason", swept.error().code.message()}});
        } else if (swept->expired + swept->removed > 0) {
            runtime::log::debug("connect sessions swept",
                                {{"expired", swept->expired}, {"removed", swept->removed}});
        }
        co_await runtime::wait_until(runtime::deadline_in(given_.sweep_every));
    }
}

runtime::task<void> background::retry_revocations() {
    for (;;) {
        auto const settled = co_await revocations_.run_due();
        if (settled.has_error()) {
            runtime::log::warning("revocations could not be retried",
                                  {{"reason", settled.error().code.message()}});
        }
        co_await runtime::wait_until(runtime::deadline_in(given_.sweep_every));
    }
}

runtime::task<void> background::sweep_deliveries() {
    for (;;) {
        auto const swept = co_await delivery_sweeper_.run();
        if (swept.has_error()) {
            runtime::log::warning("old deliveries could not be swept",
                                  {{"reason", swept.error().code.message()}});
        } else if (*swept > 0) {
            runtime::log::debug("old deliveries swept", {{"removed", *swept}});
        }
        co_await runtime::wait_until(runtime::deadline_in(between_delivery_sweeps));
    }
}

runtime::task<void> background::sweep_audit() {
    for (;;) {
        auto const swept = co_await audit_sweeper_.run();
        if (swept.has_error()) {
            runtime::log::warning("the audit log could not be swept",
                                  {{"reason", swept.error().code.message()}});
        } else if (*swept > 0) {
            runtime::log::info("old entries of the audit log removed", {{"removed", *swept}});
        }
        co_await runtime::wait_until(runtime::deadline_in(between_audit_sweeps));
    }
}

// What is over: credentials, answers kept for repeated requests, deleted workspaces, events.
runtime::task<void> background::sweep_tenants() {
    auto const tell = [](services::outcome<std::size_t> const& swept, char const* what) {
        if (swept.has_error()) {
            runtime::log::warning("what is over could not be swept",
                                  {{"what", what}, {"reason", swept.error().code.message()}});
        }
    };
    for (;;) {
        tell(co_await credentials_sweeper_.run(), "app credentials");
        tell(co_await services::idempotency::sweep(given_.common.store, given_.common.clock.now()),
             "kept answers");
        tell(co_await workspace_remover_.run(), "deleted workspaces");
        tell(co_await event_sweeper_.run(), "old events");
        co_await runtime::wait_until(runtime::deadline_in(between_tenant_sweeps));
    }
}

} // namespace connectd::server

// The background thread: what has to happen whether anybody asks or not. Refreshing tokens, sending webhooks,
// ending connect sessions that nobody finished, and revocations that a platform did not take at once.
//
// Has an event loop and outbound connections of its own, for webhooks apart from the others. All of `parts`
// outlives it.
#pragma once

#include "platforms/http/pool.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/audit_sweeper.hpp"
#include "server/services/credentials_sweeper.hpp"
#include "server/services/event_sweeper.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/refresh/notices.hpp"
#include "server/services/refresh/refresher.hpp"
#include "server/services/refresh/scheduler.hpp"
#include "server/services/refresh/spender.hpp"
#include "server/services/revocations.hpp"
#include "server/services/services.hpp"
#include "server/services/session_sweeper.hpp"
#include "server/services/webhooks/courier.hpp"
#include "server/services/webhooks/deliverer.hpp"
#include "server/services/webhooks/delivery_sweeper.hpp"
#include "server/services/webhooks/meters.hpp"
#include "server/services/workspace_remover.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <thread>

namespace connectd::server {

class background {
  public:
    struct parts {
        services::shared const& common;
        platforms::http::resolver& names;
        platforms::http::pool_options outbound;
        platforms::http::pool_options to_webhooks;
        services::event_bell& bell; // before it rings
        runtime::metrics_registry& metrics;
        services::refresh::scheduler::options refreshing;
        services::webhooks::deliverer::options delivering = {};
        std::chrono::milliseconds audit_retention;
        std::chrono::milliseconds sweep_every = std::chrono::seconds{30};
    };

    explicit background(parts given);
    background(background const&) = delete;
    background& operator=(background const&) = delete;
    // Requires: stopped, or never started.
    ~background();

    void start();
    // Ends what runs and the thread; blocks. Refreshes that have begun may finish until the deadline, because
    // they may have spent a token. What is cut off is in the store and done after the next start.
    void stop(runtime::steady_time deadline);

  private:
    runtime::task<void> sweep_sessions();
    runtime::task<void> retry_revocations();
    runtime::task<void> sweep_deliveries();
    runtime::task<void> sweep_audit();
    runtime::task<void> sweep_tenants();
    runtime::task<void> shut_down(runtime::steady_time deadline);

    parts given_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
    runtime::task_group tasks_;
    runtime::task_group refreshes_; // those under way
    runtime::task_group control_;
    platforms::http::pool outbound_;
    services::platform_resolver resolver_;
    services::session_sweeper sweeper_;
    services::revocations revocations_;
    services::refresh::spender spender_;
    services::refresh::meters meters_;
    services::refresh::refresher refresher_;
    services::refresh::notices notices_;
    services::refresh::scheduler scheduler_;
    runtime::task_group attempts_; // to reach webhooks
    platforms::http::pool to_webhooks_;
    services::webhooks::courier courier_;
    services::webhooks::meters delivery_meters_;
    services::webhooks::deliverer deliverer_;
    services::webhooks::delivery_sweeper delivery_sweeper_;
    services::audit_sweeper audit_sweeper_;
    services::credentials_sweeper credentials_sweeper_;
    services::workspace_remover workspace_remover_;
    services::event_sweeper event_sweeper_;
    std::thread thread_;
};

} // namespace connectd::server

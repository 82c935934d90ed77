// The composition root: builds every part in order, starts the threads, and takes all of it down in reverse.
//
// Made, started and stopped by one thread, which runs none of the loops. Whole-server tests make several in
// one process.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/http/resolver.hpp"
#include "server/api/cors.hpp"
#include "server/background.hpp"
#include "server/config.hpp"
#include "server/home.hpp"
#include "server/http/listener.hpp"
#include "server/http/rate_limiter.hpp"
#include "server/http_metrics.hpp"
#include "server/io_thread.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/keyed_turns.hpp"
#include "server/runtime/metrics.hpp"
#include "server/services/connect_claims.hpp"
#include "server/services/discovery_cache.hpp"
#include "server/services/event_bell.hpp"
#include "server/services/idempotency.hpp"
#include "server/services/proxy/pauses.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/settings.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace connectd::server {

class app {
  public:
    // Opens the data folder and everything else that can be wrong, listens to nothing yet. `clock` outlives
    // the app. Throws start_error.
    app(config settings, runtime::clock const& clock);
    app(app const&) = delete;
    app& operator=(app const&) = delete;
    ~app();

    // Binds and serves. Throws start_error when an address cannot be had.
    void start();

    // Finishes requests for as long as the configuration grants, then cuts them off; closes the store. Safe
    // to repeat.
    void stop();

    // Reads the certificates again. False, with a line in the log, when they cannot be used: the old ones
    // stay.
    bool reload_certificates();

    server::home& home() noexcept { return *home_; }
    std::string const& public_url() const noexcept { return service_settings_.public_url; }
    std::vector<boost::asio::ip::tcp::endpoint> const& endpoints() const noexcept { return bound_; }

  private:
    void make_threads();
    void add_metrics();
    std::string not_ready() const;

    config const settings_;
    runtime::clock const& clock_;
    std::atomic<bool> stopping_{false};
    runtime::metrics_registry metrics_;
    std::unique_ptr<server::home> home_;
    std::unique_ptr<platforms::catalog> catalog_;
    std::shared_ptr<http::tls_certificates> certificates_;
    std::shared_ptr<http::connection_budget> connections_;
    services::quickstart_apps quickstart_;
    services::settings service_settings_;
    services::connect_claims claims_;
    services::api_key_revision key_revision_{0};
    services::refresh::desk desk_;
    services::event_bell bell_;
    std::unique_ptr<services::ringing_store> store_; // home's, with the bell on it
    services::discovery_cache discoveries_;
    runtime::keyed_turns registrations_;
    services::proxy::pauses pauses_;
    runtime::keyed_turns audit_turns_;
    services::idempotency_claims idempotency_claims_;
    http::rate_limiter limiter_;
    api::cors_rules cors_;
    services::webhooks::forms const forms_;
    std::unique_ptr<services::webhooks::tester> webhook_tests_;
    std::unique_ptr<http_metrics> http_metrics_;
    std::unique_ptr<services::shared> shared_;
    std::unique_ptr<platforms::http::resolver> names_;
    std::vector<std::unique_ptr<io_thread>> threads_;
    std::unique_ptr<server::background> background_;
    std::vector<boost::asio::ip::tcp::endpoint> bound_;
};

} // namespace connectd::server

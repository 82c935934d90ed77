// One I/O thread and everything that lives on it: its event loop, listeners, router, services and outbound
// connections.
//
// A connection is accepted here and never leaves. The composition root makes the threads, binds them, starts
// them and stops them; all of `parts` outlives them.
#pragma once

#include "platforms/http/pool.hpp"
#include "server/api/context.hpp"
#include "server/dialects/mounts.hpp"
#include "server/http/listener.hpp"
#include "server/http/options.hpp"
#include "server/http/router.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/event_hub.hpp"
#include "server/services/services.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace connectd::server {

class io_thread {
  public:
    struct parts {
        services::shared const& common;
        services::event_bell& bell; // before it rings
        platforms::http::resolver& names;
        platforms::http::pool_options outbound;
        http::server_options inbound;
        std::shared_ptr<http::connection_budget> connections;
        std::shared_ptr<http::tls_certificates> certificates; // null: plain HTTP
        runtime::metrics_registry const& metrics;
        http::rate_limiter& limiter;
        api::cors_rules const& cors;
        std::function<std::string()> not_ready;
        std::string name;
        dialects::host_names hosts{};
    };

    explicit io_thread(parts given);
    io_thread(io_thread const&) = delete;
    io_thread& operator=(io_thread const&) = delete;
    // Requires: stopped, or never started.
    ~io_thread();

    // Adds a listener: the first thread opens the port, the others join it.
    // Throws start_error when the address cannot be had.
    boost::asio::ip::tcp::endpoint open(boost::asio::ip::tcp::endpoint const& wanted);
    void join(boost::asio::ip::tcp::endpoint const& bound);

    // Begins to serve. `public_url` is known only once all ports are bound.
    void start(std::string public_url);

    // Asks for the end: no new connections, requests in progress may finish until the deadline, then the
    // tasks of the services. Returns at once; `wait` blocks until the thread has ended.
    void stop(runtime::steady_time deadline);
    void wait();

    http::router const& routes() const noexcept { return router_; }

  private:
    runtime::task<void> shut_down(runtime::steady_time deadline);
    http::listener& add_listener();

    parts given_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
    runtime::task_group tasks_;   // of the services
    runtime::task_group control_; // the shutting down itself
    platforms::http::pool outbound_;
    services::all services_;
    services::event_hub streams_;
    api::context api_;
    dialects::context dialects_;
    http::router router_;
    std::vector<std::unique_ptr<http::listener>> listeners_;
    std::thread thread_;
};

} // namespace connectd::server

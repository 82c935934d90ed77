#pragma once

// Accepts connections on one port for one I/O thread and serves them there. Every thread has its own listener
// on the same port; the kernel spreads connections over them (SO_REUSEPORT), and a connection never leaves
// its thread.
//
//     auto budget = std::make_shared<http::connection_budget>(10'000);
//     http::listener first{io[0], routes[0], clock, options, budget};
//     auto bound = first.open({address, 0});     // the error says why the port cannot be had
//     http::listener second{io[1], routes[1], clock, options, budget};
//     second.join(*bound);                        // same port
//     first.start(); second.start();
//     ...
//     co_await first.stop(deadline);              // on the thread of io[0]
//
// Except for `open`, `join` and `start` before the thread runs, all members are used on the thread of
// `context`.

#include "server/http/connection_budget.hpp"
#include "server/http/options.hpp"
#include "server/http/router.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>

namespace connectd::server::http {

class tls_certificates;

class listener {
  public:
    // Serves plain HTTP, or TLS when `certificates` is set. Requires: context, routes and clock outlive the
    // listener.
    listener(boost::asio::io_context& context, router const& routes, runtime::clock const& clock,
             server_options options, std::shared_ptr<connection_budget> budget,
             std::shared_ptr<tls_certificates> certificates = nullptr);
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;
    // Requires: stopped, or the context will not run again.
    ~listener();

    // Binds and listens; the endpoint in the answer has the real port. Refuses a port another program listens
    // on, which SO_REUSEPORT alone would share with any process of the same user.
    boost::system::result<boost::asio::ip::tcp::endpoint> open(boost::asio::ip::tcp::endpoint const& wanted);

    // Binds to the endpoint that another listener of this process has opened.
    boost::system::result<void> join(boost::asio::ip::tcp::endpoint const& bound);

    // Begins to accept. Requires: opened or joined.
    void start();

    // Closes the listening socket and all idle connections at once, lets requests in progress finish with
    // `Connection: close` until the deadline, then closes what is left and cancels the handlers. False when a
    // handler does not even end then, within a few seconds: what it refers to must not be destroyed. May be
    // repeated.
    task<bool> stop(runtime::steady_time deadline);

    // Open connections of this thread.
    std::size_t connections() const noexcept;

  private:
    class implementation;
    std::shared_ptr<implementation> implementation_; // shared with the accepting coroutine
};

} // namespace connectd::server::http

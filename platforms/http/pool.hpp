// The real HTTP client: HTTP/1.1 over plain TCP or TLS, with kept connections per origin (scheme, host,
// port).
//
// A pool belongs to one io_context and is used from its thread only; each I/O thread has its own. The
// resolver is shared and outlives the pools. Destroying the pool cancels what is in flight.
//
// When a request is sent again. A kept connection is looked at before use: one that the server has closed, or
// that has bytes nobody asked for, is dropped and the next one taken; one idle for longer than `max_idle`, or
// than the server's own Keep-Alive timeout less a second, is not used at all. After that:
//   - the write failed and no byte of the request left: sent again on a new connection, whatever the method;
//   - the request left, and a kept connection closed before the first byte of an answer: a GET, HEAD or
//   OPTIONS is sent
//     again once on a new connection (RFC 9110 section 9.2.2); anything else, a POST above all, is
//     errc::connection_lost, because the server may have acted on it. A refresh token or code is never spent
//     twice.
//   - anything on a new connection: not sent again.
// TCP cannot tell better: a reset does not say what its sender had read, and unacknowledged bytes may only be
// unacknowledged yet.
#pragma once

#include "platforms/http/address_policy.hpp"
#include "platforms/http/client.hpp"
#include "platforms/http/resolver.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace connectd::platforms::http {

struct pool_options {
    std::size_t connections_per_origin = 64;
    std::size_t connections_total = 512;
    // Requests waiting for a connection, of all origins together; one more is errc::too_many_waiting.
    std::size_t max_waiting = 1024;
    // How long a connection may lie unused and how old it may get: the first keeps clear of what servers
    // close (many at 60 s or more), the second follows changes of DNS.
    std::chrono::steady_clock::duration max_idle = std::chrono::seconds(20);
    std::chrono::steady_clock::duration max_age = std::chrono::minutes(5);
    // How long to try one address when the name has others left.
    std::chrono::steady_clock::duration connect_attempt = std::chrono::seconds(3);
    // Bytes of status line and header fields together.
    std::uint32_t max_response_header = 32 * 1024;
    std::string user_agent = "connectd";
    address_policy user_urls = {};
    // PEM file with authorities trusted besides, or instead of, those of the system.
    std::string ca_file = {};
    bool system_authorities = true;
};

struct pool_counts {
    std::size_t open = 0; // idle ones included
    std::size_t idle = 0;
    std::size_t waiting = 0;
    std::uint64_t opened = 0;  // connections made since the start
    std::uint64_t resumed = 0; // of these, TLS handshakes that resumed a session
    std::uint64_t reused = 0;  // requests sent on a kept connection
};

class pool final : public client {
  public:
    // Throws std::runtime_error naming the file when `ca_file` cannot be used.
    pool(boost::asio::io_context& context, resolver& names, pool_options options = {});
    ~pool() override;
    pool(pool const&) = delete;
    pool& operator=(pool const&) = delete;

    task<result<response>> send(request what, deadline until) override;

    // A connection whose answer was read to its end is kept. One of 64 KiB pieces in each direction is in
    // memory.
    task<result<streamed_response>> open(streamed_request what, deadline until) override;

    // Refuses further requests and those waiting (errc::cancelled_unsent) and closes idle connections.
    // Requests under way go on until they are done or their deadline passes. May be called twice.
    void close();

    // close(), and ends the requests under way with errc::cancelled or errc::cancelled_unsent.
    void cancel();

    pool_counts counts() const;

  private:
    // Shared by the pool and every request in flight, so that either may go first.
    class core;
    std::shared_ptr<core> core_;
};

} // namespace connectd::platforms::http

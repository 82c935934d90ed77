// TLS for outbound connections: what is trusted, how a server proves its name, and sessions kept for
// resumption, which halve the cost of a handshake. Always verifies; there is no switch.
//
// One context a pool; one thread. Outlives the connections made with it. The one header here that shows
// OpenSSL's types, for the connection's sake.
#pragma once

#include "platforms/error.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace connectd::platforms::http {

class tls_context {
  public:
    // TLS 1.2 or later. Throws std::runtime_error naming `ca_file` (PEM, may be empty) when it cannot be
    // used.
    tls_context(std::string const& ca_file, bool system_authorities);
    ~tls_context();
    tls_context(tls_context const&) = delete;
    tls_context& operator=(tls_context const&) = delete;

    boost::asio::ssl::context& native() noexcept { return context_; }

    // Who a connection talks to; sessions that arrive on the connection are kept under its key. Outlives the
    // SSL object.
    struct peer {
        tls_context& owner;
        std::string key; // host:port
    };

    // Before the handshake: server name (not for IP addresses, RFC 6066 section 3), the name or address the
    // certificate must carry, and a kept session if there is one. Errors: tls_failed when OpenSSL refuses the
    // name.
    result<void> prepare(SSL* ssl, peer& whose, std::string const& host,
                         std::optional<boost::asio::ip::address> const& literal);

    // The session kept for a peer is not offered again; after a failed handshake.
    void forget(peer const& whose);

  private:
    struct free_session {
        void operator()(SSL_SESSION* session) const noexcept;
    };
    using session = std::unique_ptr<SSL_SESSION, free_session>;

    static int on_new_session(SSL* ssl, SSL_SESSION* fresh);
    void keep(peer const& whose, session fresh);

    boost::asio::ssl::context context_;
    std::unordered_map<std::string, session> sessions_;
};

// Whether the handshake resumed a kept session.
bool is_resumed(SSL* ssl) noexcept;

// A look at an idle connection without I/O: false when a closing alert or data arrived behind the last answer
// and lies in OpenSSL's hands already.
bool is_quiet(SSL* ssl) noexcept;

// After a failed handshake: certificate_refused when verification was what failed, tls_failed otherwise.
errc classify_handshake_failure(SSL* ssl) noexcept;

} // namespace connectd::platforms::http

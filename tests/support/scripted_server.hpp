// A server on a port of its own that does with each connection exactly what a test wrote down, right or
// wrong: plain or TLS, byte by byte, with no HTTP library that could correct it. Every connection has its own
// blocking thread.
//
// The script runs on those threads, several at once; what it shares with the test must be safe for that.
// Destroying the server cuts all connections and waits for the scripts.
#pragma once

#include "tests/support/certificates.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace connectd::tests {

struct free_tls_context {
    void operator()(SSL_CTX* context) const noexcept;
};
struct free_tls {
    void operator()(SSL* tls) const noexcept;
};

class scripted_server {
  public:
    // One accepted connection, as the script sees it.
    class peer {
      public:
        peer(scripted_server& owner, int descriptor, std::size_t index);
        ~peer();
        peer(peer const&) = delete;
        peer& operator=(peer const&) = delete;

        // Connections are counted from 0 in the order accepted.
        std::size_t index() const noexcept { return index_; }

        // One whole request, head and body by its Content-Length; empty when the client has gone.
        std::string read_request();
        // Any bytes; empty when the client has gone. No TLS.
        std::string read_raw();

        // False when the client has gone.
        bool write(std::string_view bytes);
        // One byte after another, a moment apart, until all is out, the client gone or the server stopped.
        void drip(std::string_view bytes);
        // `total` bytes of filler, in pieces with `before` and `after` around each.
        void write_bulk(std::size_t total, std::string_view before, std::string_view after);

        // An orderly end: over TLS with the closing alert, and without when `truncate`.
        void close(bool truncate = false);
        // A TCP reset.
        void reset();
        // Until the client closes or the server is destroyed.
        void wait_for_close();
        // Until the server is destroyed, reading nothing.
        void wait_for_stop();

        // TLS: what the client asked for; performed before the script starts unless the server says
        // otherwise.
        bool handshake();
        std::string server_name() const;
        bool resumed() const;

      private:
        friend class scripted_server;
        std::size_t receive(char* into, std::size_t size);

        scripted_server& owner_;
        int descriptor_;
        std::size_t index_;
        std::unique_ptr<SSL, free_tls> tls_;
        std::string unread_;
    };

    using script = std::function<void(peer&)>;

    // Plain TCP.
    explicit scripted_server(script what);
    // TLS with that certificate and at most that version (TLS1_3_VERSION and so on). A connection whose
    // handshake fails never reaches the script.
    scripted_server(script what, tls_identity const& who, int max_version = 0);
    ~scripted_server();
    scripted_server(scripted_server const&) = delete;
    scripted_server& operator=(scripted_server const&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    // "http://127.0.0.1:port" + path, or https.
    std::string url(std::string_view path, std::string_view host = "127.0.0.1") const;

    std::size_t connections() const;
    // Waits until that many scripts have run to their end.
    void wait_for_scripts(std::size_t count);

  private:
    void listen();
    void accept_all();
    void serve(std::size_t index, int descriptor);

    script script_;
    std::unique_ptr<SSL_CTX, free_tls_context> tls_;
    int listener_ = -1;
    std::uint16_t port_ = 0;

    mutable std::mutex guard_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::size_t accepted_ = 0;
    std::size_t ended_ = 0;
    std::list<peer*> live_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

// A whole answer with that body.
std::string answer(std::string_view body, std::string_view more_headers = {},
                   std::string_view status = "200 OK");

} // namespace connectd::tests

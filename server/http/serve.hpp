#pragma once

// From an accepted socket to a served connection: what the listener knows of connections without
// instantiating them, which is slow to compile. One thread.

#include "server/http/connection_set.hpp"
#include "server/http/listener.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <utility>

namespace boost::asio::ssl {
class context;
}

namespace connectd::server::http {

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, runtime::executor>;

// A place taken from a budget, given back at the end of the connection.
class connection_place {
  public:
    // Requires: the place was taken.
    explicit connection_place(std::shared_ptr<connection_budget> budget) noexcept
        : budget_{std::move(budget)} {}
    connection_place(connection_place&& other) noexcept = default;
    connection_place& operator=(connection_place&&) = delete;
    ~connection_place() {
        if (budget_) {
            budget_->give_back();
        }
    }

  private:
    std::shared_ptr<connection_budget> budget_;
};

struct accepted {
    tcp_socket socket;
    boost::asio::ip::tcp::endpoint peer;
    connection_place place;
};

// Each starts a task in the set's group that serves the connection to its end.
void serve_plain(std::shared_ptr<connection_set> set, accepted client);
void serve_tls(std::shared_ptr<connection_set> set, accepted client,
               std::shared_ptr<boost::asio::ssl::context> context);

// Answers 503 and closes.
void refuse_plain(std::shared_ptr<connection_set> set, accepted client);

} // namespace connectd::server::http

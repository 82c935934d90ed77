#pragma once

// From an accepted socket to a served connection: what the listener knows of connections without
// instantiating them, which is slow to compile. One thread.

#include "server/http/connection_budget.hpp"
#include "server/http/connection_set.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <utility>

namespace boost::asio::ssl {
class context;
}

namespace connectd::server::http {

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, runtime::executor>;

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

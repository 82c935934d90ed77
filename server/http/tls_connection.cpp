#include "server/http/connection.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace connectd::server::http {

namespace {

using tls_stream = boost::asio::ssl::stream<tcp_socket>;

} // namespace

void serve_tls(std::shared_ptr<connection_set> set, accepted client,
               std::shared_ptr<boost::asio::ssl::context> context) {
    auto& tasks = set->tasks();
    // OpenSSL counts references to what is in the context, so a reload may drop it while the stream lives.
    auto made = std::make_shared<connection<tls_stream>>(std::move(set), std::move(client), *context);
    tasks.spawn("connection", connection<tls_stream>::serve(std::move(made)));
}

} // namespace connectd::server::http

#include "server/http/connection.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace connectd::server::http {

namespace {

using plain = connection<tcp_socket>;
using secure = connection<boost::asio::ssl::stream<tcp_socket>>;

} // namespace

void serve_plain(std::shared_ptr<connection_set> set, accepted client) {
    auto& tasks = set->tasks();
    auto made = std::make_shared<plain>(std::move(set), std::move(client));
    tasks.spawn("connection", plain::serve(std::move(made)));
}

void serve_tls(std::shared_ptr<connection_set> set, accepted client,
               std::shared_ptr<boost::asio::ssl::context> context) {
    auto& tasks = set->tasks();
    // OpenSSL counts references to what is in the context, so a reload may drop it while the stream lives.
    auto made = std::make_shared<secure>(std::move(set), std::move(client), *context);
    tasks.spawn("connection", secure::serve(std::move(made)));
}

void refuse_plain(std::shared_ptr<connection_set> set, accepted client) {
    auto& tasks = set->tasks();
    auto made = std::make_shared<plain>(std::move(set), std::move(client));
    tasks.spawn("refusal", plain::refuse(std::move(made)));
}

} // namespace connectd::server::http

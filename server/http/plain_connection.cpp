#include "server/http/connection.hpp"

namespace connectd::server::http {

void serve_plain(std::shared_ptr<connection_set> set, accepted client) {
    auto& tasks = set->tasks();
    auto made = std::make_shared<connection<tcp_socket>>(std::move(set), std::move(client));
    tasks.spawn("connection", connection<tcp_socket>::serve(std::move(made)));
}

void refuse_plain(std::shared_ptr<connection_set> set, accepted client) {
    auto& tasks = set->tasks();
    auto made = std::make_shared<connection<tcp_socket>>(std::move(set), std::move(client));
    tasks.spawn("refusal", connection<tcp_socket>::refuse(std::move(made)));
}

} // namespace connectd::server::http

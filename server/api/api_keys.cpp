#include "server/api/api_keys.hpp"

#include "server/api/body.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::api {
namespace {

struct api_key_body {
    std::string name;
    std::optional<std::vector<std::string>> scopes;
};
BOOST_DESCRIBE_STRUCT(api_key_body, (), (name, scopes))

boost::json::object to_json(services::api_key_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"workspace_id", shown.workspace.to_string()},
            {"name", shown.name},
            {"scopes", render_list(shown.scopes)},
            {"hint", shown.hint},
            {"created_at", render_time(shown.created_at)},
            {"expires_at", render_time(shown.expires_at)},
            {"revoked_at", render_time(shown.revoked_at)}};
}

} // namespace

runtime::task<http::response> create_api_key(call of) {
    auto body = read_body<api_key_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const made = co_await of.services().api_keys.create(
        of.asked.path_parameter("id"), {.name = std::move(body->name), .scopes = std::move(body->scopes)});
    if (made.has_error()) {
        co_return refuse(made.error(), of.asked);
    }
    auto shown = to_json(made->view);
    shown["key"] = made->key.reveal(); // this once and never again
    co_return http::response::json(201, shown);
}

runtime::task<http::response> list_api_keys(call of) {
    auto const page = read_page(of.asked);
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().api_keys.list(of.asked.path_parameter("id"), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> revoke_api_key(call of) {
    auto const revoked =
        co_await of.services().api_keys.revoke(of.asked.path_parameter("id"), of.asked.path_parameter("key"));
    if (revoked.has_error()) {
        co_return refuse(revoked.error(), of.asked);
    }
    co_return http::response::json(200, to_json(*revoked));
}

} // namespace connectd::server::api

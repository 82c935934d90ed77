#include "server/api/workspaces.hpp"

#include "server/api/body.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace connectd::server::api {
namespace {

struct workspace_body {
    std::string slug;
    std::string name;
    std::optional<std::string> plan;
};
BOOST_DESCRIBE_STRUCT(workspace_body, (), (slug, name, plan))

boost::json::object to_json(services::workspace_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"slug", shown.slug},
            {"name", shown.name},
            {"plan", shown.plan},
            {"default_profile_id", shown.default_profile.to_string()},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

} // namespace

runtime::task<http::response> create_workspace(call of) {
    auto body = read_body<workspace_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const made = co_await of.services().workspaces.create(
        {.slug = std::move(body->slug), .name = std::move(body->name), .plan = std::move(body->plan)});
    if (made.has_error()) {
        co_return refuse(made.error(), of.asked);
    }
    co_return http::response::json(201, to_json(*made));
}

runtime::task<http::response> list_workspaces(call of) {
    auto const page = read_page(of.asked);
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().workspaces.list(*page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> get_workspace(call of) {
    auto const found = co_await of.services().workspaces.get(of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    co_return http::response::json(200, to_json(*found));
}

} // namespace connectd::server::api

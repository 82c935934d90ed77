#include "server/api/workspaces.hpp"

#include "server/api/body.hpp"
#include "server/api/etag.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace connectd::server::api {
namespace {

struct workspace_body {
    std::string slug;
    std::string name;
    std::optional<std::string> plan;
};
BOOST_DESCRIBE_STRUCT(workspace_body, (), (slug, name, plan))

struct branding_changes {
    std::optional<std::optional<std::string>> name;
    std::optional<std::optional<std::string>> logo_url;
    std::optional<std::optional<std::string>> color;
};
BOOST_DESCRIBE_STRUCT(branding_changes, (), (name, logo_url, color))

struct workspace_changes {
    std::optional<std::string> name;
    std::optional<std::string> plan;
    std::optional<branding_changes> branding;
    std::optional<std::vector<std::string>> return_urls;
    std::optional<std::optional<std::uint32_t>> event_retention_days;
    std::optional<std::string> slug; // fixed
};
BOOST_DESCRIBE_STRUCT(workspace_changes, (), (name, plan, branding, return_urls, event_retention_days, slug))

// Null takes away.
std::optional<std::string> change_of(std::optional<std::optional<std::string>> member) {
    if (!member) {
        return std::nullopt;
    }
    return std::move(*member).value_or(std::string{});
}

boost::json::object to_json(services::workspace_view const& shown) {
    boost::json::object const branding{{"name", render_text(shown.branding.name)},
                                       {"logo_url", render_text(shown.branding.logo_url)},
                                       {"color", render_text(shown.branding.color)}};
    boost::json::value days = nullptr;
    if (shown.event_days) {
        days = *shown.event_days;
    }
    return {{"id", shown.id.to_string()},
            {"slug", shown.slug},
            {"name", shown.name},
            {"plan", shown.plan},
            {"default_profile_id", shown.default_profile.to_string()},
            {"branding", branding},
            {"return_urls", render_list(shown.return_urls)},
            {"event_retention_days", days},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

http::response answer(services::outcome<services::workspace_view> const& came, unsigned status,
                      http::request const& asked) {
    return came.has_error() ? refuse(came.error(), asked)
                            : with_etag(http::response::json(status, to_json(*came)), came->version);
}

} // namespace

runtime::task<http::response> create_workspace(call of) {
    auto body = read_body<workspace_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const made = co_await of.services().workspaces.create(
        {.slug = std::move(body->slug), .name = std::move(body->name), .plan = std::move(body->plan)});
    co_return answer(made, 201, of.asked);
}

runtime::task<http::response> list_workspaces(call of) {
    auto const page = read_page(of.asked, {"slug"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().workspaces.list(*page, filter(of.asked, "slug"));
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
    co_return answer(co_await of.services().workspaces.get(of.asked.path_parameter("id")), 200, of.asked);
}

runtime::task<http::response> get_own_workspace(call of) {
    co_return answer(co_await of.services().workspaces.get(of.workspace().to_string()), 200, of.asked);
}

runtime::task<http::response> update_workspace(call of) {
    auto body = read_body<workspace_changes>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    if (auto refused = refuse_fixed(of.asked, {{"slug", body->slug.has_value()}},
                                    "A workspace keeps its slug: others may have written it down.")) {
        co_return *refused;
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    auto brand = std::move(body->branding).value_or(branding_changes{});
    auto const changed =
        co_await of.services().workspaces.update(of.asked.path_parameter("id"),
                                                 {.name = std::move(body->name),
                                                  .plan = std::move(body->plan),
                                                  .brand_name = change_of(std::move(brand.name)),
                                                  .brand_logo_url = change_of(std::move(brand.logo_url)),
                                                  .brand_color = change_of(std::move(brand.color)),
                                                  .return_urls = std::move(body->return_urls),
                                                  .event_days = body->event_retention_days},
                                                 *seen);
    co_return answer(changed, 200, of.asked);
}

runtime::task<http::response> delete_workspace(call of) {
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    auto const removed = co_await of.services().workspaces.remove(
        of.asked.path_parameter("id"), filter(of.asked, "confirm").value_or(std::string{}), *seen);
    if (removed.has_error()) {
        co_return refuse(removed.error(), of.asked);
    }
    co_return http::response::no_content();
}

} // namespace connectd::server::api

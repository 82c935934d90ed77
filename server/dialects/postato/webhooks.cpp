// /v1/workspaces/{workspace}/webhooks: where events about the accounts of a workspace are sent. The vendor
// documents how one is made; the rest follows its other lists.
#include "server/dialects/webhooks.hpp"

#include "server/dialects/fields.hpp"
#include "server/dialects/postato/postato.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace connectd::server::dialects::postato {
namespace {

namespace webhooks = services::webhooks;

constexpr std::pair<std::string_view, std::string_view> webhook_names[] = {{"event_types", "events"}};

boost::json::object to_json(webhooks::endpoint_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"url", shown.url},
            {"events", http::render_list(shown.types)},
            {"createdAt", http::render_time(shown.created_at)}};
}

bool is_of(webhooks::endpoint_view const& shown, std::string_view workspace) {
    return shown.profile && shown.profile->to_string() == workspace;
}

} // namespace

runtime::task<http::response> create_webhook(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    webhooks::endpoint_wish wanted{.url = body->text("url"),
                                   .types = body->texts("events"),
                                   .profile_id = of.asked.path_parameter("workspace")};
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (wanted.types->empty()) {
        co_return of.refuse(
            services::failure{services::errc::field_invalid, "Names at least one event.", "events"});
    }
    auto const made = co_await of.services().webhook_endpoints.create(of.workspace(), std::move(wanted),
                                                                      {std::string{of.vendor.name}});
    if (made.has_error()) {
        co_return of.refuse(in_names_of(webhook_names, made.error()));
    }
    auto shown = to_json(made->view);
    shown["secret"] = made->secret.reveal(); // this once and never again
    co_return http::response::json(201, shown);
}

runtime::task<http::response> list_webhooks(call of) {
    auto const where =
        co_await of.services().profiles.get(of.workspace(), of.asked.path_parameter("workspace"));
    if (where.has_error()) {
        co_return of.refuse(where.error());
    }
    auto const found = co_await all_endpoints(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array items;
    for (auto const& each : *found) {
        if (is_of(each, of.asked.path_parameter("workspace"))) {
            items.push_back(to_json(each));
        }
    }
    co_return http::response::json(200, boost::json::object{{"items", std::move(items)}});
}

runtime::task<http::response> delete_webhook(call of) {
    auto const found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    if (!is_of(*found, of.asked.path_parameter("workspace"))) {
        co_return of.refuse(services::failure{services::errc::webhook_not_found});
    }
    auto const gone = co_await remove_endpoint(of);
    co_return gone.has_error() ? of.refuse(gone.error()) : http::response::no_content();
}

} // namespace connectd::server::dialects::postato

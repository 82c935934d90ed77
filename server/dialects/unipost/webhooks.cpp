// /v1/webhooks: where events are sent.
#include "server/dialects/webhooks.hpp"

#include "server/dialects/fields.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace connectd::server::dialects::unipost {
namespace {

namespace webhooks = services::webhooks;

constexpr std::size_t longest_name = 80;
constexpr std::pair<std::string_view, std::string_view> webhook_names[] = {{"description", "name"},
                                                                           {"event_types", "events"}};

boost::json::object to_json(webhooks::endpoint_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"name", shown.description},
            {"url", shown.url},
            {"events", http::render_list(shown.types)},
            {"active", shown.status == "active"},
            {"secret_preview", shown.secret_hint + "\u2026"},
            {"created_at", http::render_time(shown.created_at)}};
}

http::response answer_told(services::outcome<webhooks::told_secret> const& told, unsigned status,
                           call const& of) {
    if (told.has_error()) {
        return of.refuse(in_names_of(webhook_names, told.error()));
    }
    auto shown = to_json(told->view);
    shown["secret"] = told->secret.reveal(); // this once and never again
    return answer(status, std::move(shown), of);
}

services::failure invalid(std::string field, std::string detail) {
    return {services::errc::field_invalid, std::move(detail), std::move(field)};
}

// What the vendor asks for beyond what the service checks.
services::outcome<void> check_wish(webhooks::endpoint_wish const& wanted) {
    if (wanted.description && wanted.description->size() > longest_name) {
        return invalid("name", "name has at most 80 characters.");
    }
    if (wanted.types && wanted.types->empty()) {
        return invalid("events", "events names at least one event.");
    }
    return {};
}

} // namespace

runtime::task<http::response> create_webhook(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    webhooks::endpoint_wish wanted{.url = body->text("url"),
                                   .description = body->text("name"),
                                   .types = body->texts("events"),
                                   .on = body->optional_flag("active"),
                                   .secret = body->optional_secret("secret")};
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (auto const good = check_wish(wanted); good.has_error()) {
        co_return of.refuse(good.error());
    }
    auto const made = co_await of.services().webhook_endpoints.create(of.workspace(), std::move(wanted),
                                                                      {std::string{of.vendor.name}});
    co_return answer_told(made, 201, of);
}

runtime::task<http::response> list_webhooks(call of) {
    auto found = co_await all_endpoints(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        data.push_back(to_json(each));
    }
    co_return answer_list(std::move(data), of);
}

runtime::task<http::response> get_webhook(call of) {
    auto const found = co_await find_endpoint(of);
    co_return found.has_error() ? of.refuse(found.error()) : answer(200, to_json(*found), of);
}

runtime::task<http::response> update_webhook(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    webhooks::endpoint_wish wanted{.url = body->optional_text("url"),
                                   .description = body->optional_text("name"),
                                   .types = body->optional_texts("events"),
                                   .on = body->optional_flag("active")};
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (body->has("secret")) {
        co_return of.refuse(invalid("secret", "A secret is changed by rotating it."));
    }
    auto const good = check_wish(wanted);
    auto const found = co_await find_endpoint(of);
    if (good.has_error() || found.has_error()) {
        co_return of.refuse(found.has_error() ? found.error() : good.error());
    }
    auto const changed = co_await of.services().webhook_endpoints.update(
        of.workspace(), found->id.to_string(), std::move(wanted));
    co_return changed.has_error() ? of.refuse(in_names_of(webhook_names, changed.error()))
                                  : answer(200, to_json(*changed), of);
}

runtime::task<http::response> rotate_webhook(call of) {
    auto const found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    auto const told = co_await of.services().webhook_endpoints.rotate(of.workspace(), found->id.to_string());
    co_return answer_told(told, 200, of);
}

runtime::task<http::response> delete_webhook(call of) {
    auto const gone = co_await remove_endpoint(of);
    co_return gone.has_error() ? of.refuse(gone.error())
                               : answer(200, boost::json::object{{"deleted", true}}, of);
}

} // namespace connectd::server::dialects::unipost

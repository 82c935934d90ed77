// /webhooks: where events are sent.
#include "server/dialects/webhooks.hpp"

#include "server/dialects/autoposting/autoposting.hpp"
#include "server/dialects/fields.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace connectd::server::dialects::autoposting {
namespace {

namespace webhooks = services::webhooks;

constexpr std::pair<std::string_view, std::string_view> webhook_names[] = {{"description", "name"},
                                                                           {"event_types", "events"}};

// `enabled` in the vendor's reference, `active` in its client.
boost::json::object to_json(webhooks::endpoint_view const& shown) {
    bool const on = shown.status == "active";
    return {{"id", shown.id.to_string()},
            {"name", http::render_text(shown.description)},
            {"url", shown.url},
            {"events", http::render_list(shown.types)},
            {"enabled", on},
            {"active", on},
            {"createdAt", http::render_time(shown.created_at)},
            {"updatedAt", http::render_time(shown.updated_at)}};
}

webhooks::endpoint_wish read_wish(fields& body) {
    auto const enabled = body.optional_flag("enabled");
    auto const active = body.optional_flag("active");
    return {.url = body.optional_text("url"),
            .description = body.optional_text("name"),
            .types = body.optional_texts("events"),
            .on = enabled ? enabled : active,
            .secret = body.optional_secret("secret")};
}

std::optional<services::failure> problem_of(fields const& body, webhooks::endpoint_wish const& wanted) {
    if (!body.problem() && wanted.types && wanted.types->empty()) {
        return services::failure{services::errc::field_invalid, "events names at least one event.", "events"};
    }
    return body.problem();
}

} // namespace

// The object stands in two places: the vendor's reference has one, its page on webhooks the other.
runtime::task<http::response> create_webhook(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto wanted = read_wish(*body);
    wanted.url = body->text("url");
    wanted.types = body->texts("events");
    if (auto const wrong = problem_of(*body, wanted)) {
        co_return of.refuse(*wrong);
    }
    auto const made = co_await of.services().webhook_endpoints.create(of.workspace(), std::move(wanted),
                                                                      {std::string{of.vendor.name}});
    if (made.has_error()) {
        co_return of.refuse(in_names_of(webhook_names, made.error()));
    }
    auto shown = to_json(made->view);
    shown["secret"] = made->secret.reveal(); // this once and never again
    auto const again = shown;
    shown["webhook"] = again;
    co_return answer(std::move(shown));
}

runtime::task<http::response> list_webhooks(call of) {
    auto const found = co_await all_endpoints(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        data.push_back(to_json(each));
    }
    co_return answer(std::move(data));
}

runtime::task<http::response> get_webhook(call of) {
    auto const found = co_await find_endpoint(of);
    co_return found.has_error() ? of.refuse(found.error()) : answer(to_json(*found));
}

runtime::task<http::response> update_webhook(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto wanted = read_wish(*body);
    if (auto const wrong = problem_of(*body, wanted)) {
        co_return of.refuse(*wrong);
    }
    auto const found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    auto const changed = co_await of.services().webhook_endpoints.update(
        of.workspace(), found->id.to_string(), std::move(wanted));
    co_return changed.has_error() ? of.refuse(in_names_of(webhook_names, changed.error()))
                                  : answer(to_json(*changed));
}

runtime::task<http::response> delete_webhook(call of) {
    auto const gone = co_await remove_endpoint(of);
    co_return gone.has_error() ? of.refuse(gone.error()) : answer(boost::json::object{{"deleted", true}});
}

runtime::task<http::response> test_webhook(call of) {
    auto const found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    auto const sent = co_await of.services().webhook_tests.test(of.workspace(), found->id.to_string());
    if (sent.has_error()) {
        co_return of.refuse(sent.error());
    }
    co_return answer(
        boost::json::object{{"delivered", sent->came.delivered}, {"httpStatus", sent->came.http_status}});
}

} // namespace connectd::server::dialects::autoposting

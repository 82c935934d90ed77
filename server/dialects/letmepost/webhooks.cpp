// /v1/webhook-endpoints: where events are sent.
#include "server/dialects/webhooks.hpp"

#include "server/dialects/fields.hpp"
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <utility>

namespace connectd::server::dialects::letmepost {
namespace {

namespace webhooks = services::webhooks;

constexpr std::pair<std::string_view, std::string_view> endpoint_names[] = {{"event_types", "events"}};

// Of the last delivery, or why it was switched off by us.
std::string failure_of(webhooks::endpoint_view const& shown,
                       std::optional<webhooks::delivery_view> const& last) {
    if (last && !last->error.empty()) {
        return last->error;
    }
    return shown.status == "disabled" ? shown.status_cause : std::string{};
}

boost::json::object to_json(webhooks::endpoint_view const& shown,
                            std::optional<webhooks::delivery_view> const& last) {
    return {{"id", shown.id.to_string()},
            {"url", shown.url},
            {"events", http::render_list(shown.types)},
            {"description", http::render_text(shown.description)},
            {"active", shown.status == "active"},
            {"lastDeliveryAt", http::render_time(last ? last->last_attempt_at : std::nullopt)},
            {"lastFailureReason", http::render_text(failure_of(shown, last))},
            {"createdAt", http::render_time(shown.created_at)},
            {"updatedAt", http::render_time(shown.updated_at)}};
}

runtime::task<http::response> answer_shown(call of, webhooks::endpoint_view shown) {
    auto const last = co_await last_delivery(of, shown.id);
    co_return last.has_error() ? of.refuse(last.error()) : http::response::json(200, to_json(shown, *last));
}

} // namespace

runtime::task<http::response> create_endpoint(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    webhooks::endpoint_wish wanted{.url = body->text("url"),
                                   .description = body->optional_text("description"),
                                   .types = body->texts("events")};
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const made = co_await of.services().webhook_endpoints.create(of.workspace(), std::move(wanted),
                                                                      {std::string{of.vendor.name}});
    if (made.has_error()) {
        co_return of.refuse(in_names_of(endpoint_names, made.error()));
    }
    auto shown = to_json(made->view, std::nullopt);
    shown["signingSecret"] = made->secret.reveal(); // this once and never again
    co_return http::response::json(201, shown);
}

runtime::task<http::response> list_endpoints(call of) {
    auto const found = co_await all_endpoints(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        auto const last = co_await last_delivery(of, each.id);
        if (last.has_error()) {
            co_return of.refuse(last.error());
        }
        data.push_back(to_json(each, *last));
    }
    co_return http::response::json(200, boost::json::object{{"data", std::move(data)}});
}

runtime::task<http::response> get_endpoint(call of) {
    auto found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    co_return co_await answer_shown(of, std::move(*found));
}

runtime::task<http::response> update_endpoint(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    bool const emptied = body->is_null("description");
    webhooks::endpoint_wish wanted{.url = body->optional_text("url"),
                                   .description = body->optional_text("description"),
                                   .types = body->optional_texts("events"),
                                   .on = body->optional_flag("active")};
    if (emptied) {
        wanted.description.emplace();
    }
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (!wanted.url && !wanted.description && !wanted.types && !wanted.on) {
        co_return of.refuse(services::failure{services::errc::field_invalid,
                                              "At least one of url, events, active and description."});
    }
    auto const found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    auto changed = co_await of.services().webhook_endpoints.update(of.workspace(), found->id.to_string(),
                                                                   std::move(wanted));
    if (changed.has_error()) {
        co_return of.refuse(in_names_of(endpoint_names, changed.error()));
    }
    co_return co_await answer_shown(of, std::move(*changed));
}

runtime::task<http::response> delete_endpoint(call of) {
    auto const gone = co_await remove_endpoint(of);
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return http::response::json(
        200, boost::json::object{{"id", of.asked.path_parameter("id")}, {"deleted", true}});
}

// What the receiver says beside its status is not shown: a URL may lead to what only this server can read.
runtime::task<http::response> test_endpoint(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto type = body->optional_text("type");
    auto data = body->optional_object("data");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    std::optional<webhooks::tester::sample> sample;
    if (type || data) {
        sample.emplace(std::move(type).value_or("webhook.test"),
                       std::move(data).value_or(boost::json::object{}));
    }
    auto const sent =
        co_await of.services().webhook_tests.test(of.workspace(), found->id.to_string(), std::move(sample));
    if (sent.has_error()) {
        co_return of.refuse(sent.error());
    }
    auto const& came = sent->came;
    boost::json::object shown{{"delivered", came.delivered},
                              {"status", came.http_status == 0 ? boost::json::value(nullptr)
                                                               : boost::json::value(came.http_status)},
                              {"durationMs", sent->took.count()},
                              {"deliveryId", sent->delivery},
                              {"sentEvent", boost::json::parse(sent->body)}};
    if (!came.delivered) {
        shown["errorName"] = came.error;
    }
    co_return http::response::json(200, shown);
}

} // namespace connectd::server::dialects::letmepost

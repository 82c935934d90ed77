#include "server/api/webhooks.hpp"

#include "server/api/body.hpp"
#include "server/api/etag.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace connectd::server::api {
namespace {

struct webhook_body {
    std::string url;
    std::optional<std::string> description;
    std::optional<std::vector<std::string>> event_types;
    std::optional<std::string> form;
    std::optional<std::string> profile_id;
};
BOOST_DESCRIBE_STRUCT(webhook_body, (), (url, description, event_types, form, profile_id))

struct webhook_changes {
    std::optional<std::string> url;
    std::optional<std::string> description;
    std::optional<std::vector<std::string>> event_types;
    std::optional<std::string> profile_id;
};
BOOST_DESCRIBE_STRUCT(webhook_changes, (), (url, description, event_types, profile_id))

struct resume_body {
    std::optional<bool> skip_missed;
};
BOOST_DESCRIBE_STRUCT(resume_body, (), (skip_missed))

boost::json::object to_json(services::webhooks::endpoint_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"url", shown.url},
            {"form", shown.form},
            {"description", render_text(shown.description)},
            {"profile_id", render_id(shown.profile.value_or(crypto::profile_id{}))},
            {"event_types", render_list(shown.types)},
            {"status", shown.status},
            {"status_cause", render_text(shown.status_cause)},
            {"previous_secret_until", render_time(shown.previous_secret_until)},
            {"failing_since", render_time(shown.failing_since)},
            {"next_attempt_at", render_time(shown.next_attempt_at)},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

http::response answer(services::outcome<services::webhooks::endpoint_view> const& came,
                      http::request const& asked) {
    return came.has_error() ? refuse(came.error(), asked)
                            : with_etag(http::response::json(200, to_json(*came)), came->version);
}

http::response answer(services::outcome<services::webhooks::told_secret> const& came, unsigned status,
                      http::request const& asked) {
    if (came.has_error()) {
        return refuse(came.error(), asked);
    }
    auto shown = to_json(came->view);
    shown["secret"] = came->secret.reveal(); // this once and never again
    return with_etag(http::response::json(status, shown), came->view.version);
}

} // namespace

runtime::task<http::response> create_webhook(call of) {
    auto body = read_body<webhook_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const made = co_await of.services().webhook_endpoints.create(
        of.workspace(),
        {.url = std::move(body->url),
         .description = std::move(body->description),
         .types = std::move(body->event_types),
         .profile_id = std::move(body->profile_id)},
        body->form ? services::webhooks::endpoint_kind{std::move(*body->form)}
                   : services::webhooks::endpoint_kind{});
    co_return answer(made, 201, of.asked);
}

runtime::task<http::response> list_webhooks(call of) {
    auto const page = read_page(of.asked);
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().webhook_endpoints.list(of.workspace(), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> get_webhook(call of) {
    auto const found =
        co_await of.services().webhook_endpoints.get(of.workspace(), of.asked.path_parameter("id"));
    co_return answer(found, of.asked);
}

runtime::task<http::response> update_webhook(call of) {
    auto body = read_body<webhook_changes>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    auto const changed =
        co_await of.services().webhook_endpoints.update(of.workspace(), of.asked.path_parameter("id"),
                                                        {.url = std::move(body->url),
                                                         .description = std::move(body->description),
                                                         .types = std::move(body->event_types),
                                                         .profile_id = std::move(body->profile_id)},
                                                        *seen);
    co_return answer(changed, of.asked);
}

runtime::task<http::response> delete_webhook(call of) {
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    auto const gone =
        co_await of.services().webhook_endpoints.remove(of.workspace(), of.asked.path_parameter("id"), *seen);
    if (gone.has_error()) {
        co_return refuse(gone.error(), of.asked);
    }
    co_return http::response::no_content();
}

runtime::task<http::response> rotate_webhook_secret(call of) {
    auto const told =
        co_await of.services().webhook_endpoints.rotate(of.workspace(), of.asked.path_parameter("id"));
    co_return answer(told, 200, of.asked);
}

runtime::task<http::response> pause_webhook(call of) {
    auto const paused =
        co_await of.services().webhook_endpoints.pause(of.workspace(), of.asked.path_parameter("id"));
    co_return answer(paused, of.asked);
}

runtime::task<http::response> resume_webhook(call of) {
    resume_body wanted;
    if (!of.asked.body.empty()) {
        auto body = read_body<resume_body>(of.asked);
        if (body.has_error()) {
            co_return body.error();
        }
        wanted = *body;
    }
    auto const resumed = co_await of.services().webhook_endpoints.resume(
        of.workspace(), of.asked.path_parameter("id"), wanted.skip_missed.value_or(false));
    co_return answer(resumed, of.asked);
}

} // namespace connectd::server::api

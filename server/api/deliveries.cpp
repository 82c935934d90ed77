#include "server/api/deliveries.hpp"

#include "server/api/body.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"
#include "server/api/time_input.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <utility>

namespace connectd::server::api {
namespace {

struct redeliver_body {
    std::string since;
};
BOOST_DESCRIBE_STRUCT(redeliver_body, (), (since))

boost::json::object to_json(services::webhooks::delivery_view const& shown) {
    return {{"event_id", shown.event.to_string()},
            {"event_type", shown.type},
            {"status", shown.status},
            {"attempts", shown.attempts},
            {"last_http_status",
             shown.http_status == 0 ? boost::json::value(nullptr) : boost::json::value(shown.http_status)},
            {"last_error", render_text(shown.error)},
            {"last_attempt_at", render_time(shown.last_attempt_at)},
            {"next_attempt_at", render_time(shown.next_attempt_at)},
            {"created_at", render_time(shown.created_at)}};
}

http::response accepted(services::outcome<services::webhooks::delivery_view> const& came,
                        http::request const& asked) {
    return came.has_error() ? refuse(came.error(), asked) : http::response::json(202, to_json(*came));
}

} // namespace

runtime::task<http::response> list_deliveries(call of) {
    auto const page = read_page(of.asked, {"status"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().webhook_deliveries.list(
        of.workspace(), of.asked.path_parameter("id"), filter(of.asked, "status"), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> redeliver(call of) {
    auto const queued = co_await of.services().webhook_deliveries.redeliver(
        of.workspace(), of.asked.path_parameter("id"), of.asked.path_parameter("event"));
    co_return accepted(queued, of.asked);
}

runtime::task<http::response> redeliver_failed(call of) {
    auto const body = read_body<redeliver_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const since = read_time(body->since);
    if (!since) {
        co_return refuse({services::errc::field_invalid, "A time such as 2026-09-01T07:00:00Z.", "since"},
                         of.asked);
    }
    auto const count = co_await of.services().webhook_deliveries.redeliver_failed(
        of.workspace(), of.asked.path_parameter("id"), *since);
    if (count.has_error()) {
        co_return refuse(count.error(), of.asked);
    }
    co_return http::response::json(202, boost::json::object{{"queued", *count}});
}

runtime::task<http::response> test_webhook(call of) {
    auto const queued =
        co_await of.services().webhook_deliveries.send_test(of.workspace(), of.asked.path_parameter("id"));
    co_return accepted(queued, of.asked);
}

} // namespace connectd::server::api

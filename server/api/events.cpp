#include "server/api/events.hpp"

#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/json/object.hpp>

namespace connectd::server::api {

boost::json::object to_json(services::event_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"type", shown.type},
            {"created_at", render_time(shown.created_at)},
            {"account_id", shown.account ? render_id(*shown.account) : boost::json::value(nullptr)},
            {"data", render_metadata(shown.data)}};
}

runtime::task<http::response> list_events(call of) {
    auto const page = read_page(of.asked, {"after", "type", "account_id"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().events.list(
        of.workspace(), {.type = filter(of.asked, "type"), .account_id = filter(of.asked, "account_id")},
        filter(of.asked, "after"), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> get_event(call of) {
    auto const found = co_await of.services().events.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    co_return http::response::json(200, to_json(*found));
}

} // namespace connectd::server::api

#include "server/api/plans.hpp"

#include "server/api/problem.hpp"
#include "server/api/render.hpp"
#include "server/services/input.hpp"
#include "server/services/webhooks/endpoints.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <utility>

namespace connectd::server::api {
namespace {

boost::json::object to_json(services::plan_view const& shown) {
    boost::json::value slots = nullptr;
    if (shown.credential_slots) {
        slots = *shown.credential_slots;
    }
    return {{"name", shown.name},
            {"features", render_list(shown.features)},
            {"credential_slots", slots},
            {"is_default", shown.is_default}};
}

boost::json::object share(std::size_t used, boost::json::value allowed) {
    return {{"used", used}, {"allowed", std::move(allowed)}};
}

boost::json::object counted(std::size_t used) {
    return {{"used", used}, {"allowed", nullptr}, {"more", used >= services::plans::most_counted}};
}

runtime::task<http::response> show_usage(call of, crypto::workspace_id workspace) {
    auto const found = co_await of.services().plans.usage(workspace);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    auto plan = to_json(found->plan);
    auto slots = plan.at("credential_slots");
    co_return http::response::json(
        200, boost::json::object{{"workspace_id", workspace.to_string()},
                                 {"plan", std::move(plan)},
                                 {"accounts", counted(found->accounts)},
                                 {"profiles", counted(found->profiles)},
                                 {"credentials", share(found->credentials, std::move(slots))},
                                 {"webhooks", share(found->webhooks, services::webhooks::endpoints::most)}});
}

} // namespace

runtime::task<http::response> list_plans(call of) {
    boost::json::array data;
    for (auto const& each : of.services().plans.list()) {
        data.push_back(to_json(each));
    }
    co_return http::response::json(200,
                                   boost::json::object{{"data", std::move(data)}, {"next_cursor", nullptr}});
}

runtime::task<http::response> get_usage(call of) {
    co_return co_await show_usage(of, of.workspace());
}

runtime::task<http::response> get_workspace_usage(call of) {
    auto const id = services::parse_id<crypto::workspace_id>(of.asked.path_parameter("id"),
                                                             services::errc::workspace_not_found);
    if (id.has_error()) {
        co_return refuse(id.error(), of.asked);
    }
    co_return co_await show_usage(of, *id);
}

} // namespace connectd::server::api

#include "server/api/platforms.hpp"

#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

namespace connectd::server::api {
namespace {

boost::json::object scopes_of(services::platform_view const& shown) {
    return {{"default", render_list(shown.scopes.defaults)},
            {"required", render_list(shown.scopes.required)},
            {"known", render_list(shown.scopes.known)}};
}

boost::json::object refresh_of(services::platform_view const& shown) {
    auto const& refresh = shown.refresh;
    return {{"model", refresh.model},
            {"access_lifetime", render_seconds(refresh.access_lifetime)},
            {"refresh_lifetime", render_seconds(refresh.refresh_lifetime)},
            {"lead_time", render_seconds(refresh.lead_time)},
            {"minimum_age", render_seconds(refresh.minimum_age)},
            {"grace", render_seconds(refresh.grace)},
            {"idle_limit", render_seconds(refresh.idle_limit)}};
}

} // namespace

boost::json::object to_json(services::platform_view const& shown) {
    return {{"name", shown.name},
            {"title", shown.title},
            {"aliases", render_list(shown.aliases)},
            {"connect", shown.connect},
            {"wants_instance", shown.wants_instance},
            {"wants_issuer", shown.wants_issuer},
            {"available", shown.available},
            {"scopes", scopes_of(shown)},
            {"refresh", refresh_of(shown)},
            {"capabilities",
             {{"refresh", shown.can.refresh}, {"revoke", shown.can.revoke}, {"choose", shown.can.choose}}},
            {"client_authentication", shown.client_authentication},
            {"pkce", shown.pkce},
            {"app_platform", shown.app_platform},
            {"redirect_uri", render_text(shown.redirect_uri)},
            {"credentials_required", shown.needs_credentials},
            {"credentials_configured", shown.has_credentials},
            {"quickstart_available", shown.has_quickstart}};
}

runtime::task<http::response> list_platforms(call of) {
    auto const page = read_page(of.asked);
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().platforms.list(of.workspace(), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> get_platform(call of) {
    auto const found = co_await of.services().platforms.get(of.workspace(), of.asked.path_parameter("name"));
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    co_return http::response::json(200, to_json(*found));
}

} // namespace connectd::server::api

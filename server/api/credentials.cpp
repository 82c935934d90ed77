#include "server/api/credentials.hpp"

#include "server/api/body.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace connectd::server::api {
namespace {

struct credentials_body {
    std::string platform;
    std::string client_id;
    std::optional<std::string> client_secret; // a public client has none
    std::optional<std::string> name;
    std::optional<std::string> instance;
    std::optional<std::string> issuer;
    std::optional<std::string> pkce;
};
BOOST_DESCRIBE_STRUCT(credentials_body, (),
                      (platform, client_id, client_secret, name, instance, issuer, pkce))

boost::json::object to_json(services::credentials_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"platform", shown.platform},
            {"name", shown.name},
            {"client_id", shown.client_id},
            {"has_secret", shown.has_secret},
            {"is_default", shown.is_default},
            {"instance", render_text(shown.instance)},
            {"issuer", render_text(shown.issuer)},
            {"pkce", render_text(shown.pkce)},
            {"registered", shown.registered},
            {"redirect_uri", shown.redirect_uri},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

} // namespace

runtime::task<http::response> create_credentials(call of) {
    auto body = read_body<credentials_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const made = co_await of.services().credentials.create(
        of.workspace(),
        {.platform = std::move(body->platform),
         .client_id = std::move(body->client_id),
         .client_secret = crypto::secret::take(std::move(body->client_secret).value_or(std::string{})),
         .name = std::move(body->name).value_or(std::string{}),
         .instance = std::move(body->instance),
         .issuer = std::move(body->issuer),
         .pkce = std::move(body->pkce)});
    if (made.has_error()) {
        co_return refuse(made.error(), of.asked);
    }
    co_return http::response::json(201, to_json(*made));
}

runtime::task<http::response> list_credentials(call of) {
    auto const page = read_page(of.asked, {"platform"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found =
        co_await of.services().credentials.list(of.workspace(), filter(of.asked, "platform"), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> delete_credentials(call of) {
    auto const force = of.asked.query.find("force");
    if (force && *force != "true" && *force != "false") {
        co_return refuse({services::errc::field_invalid, "true or false.", "force"}, of.asked);
    }
    auto const removed = co_await of.services().credentials.remove(
        of.workspace(), of.asked.path_parameter("id"), force == "true");
    if (removed.has_error()) {
        co_return refuse(removed.error(), of.asked);
    }
    co_return http::response::no_content();
}

} // namespace connectd::server::api

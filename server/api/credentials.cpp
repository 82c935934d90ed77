#include "server/api/credentials.hpp"

#include "server/api/body.hpp"
#include "server/api/etag.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

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

struct credentials_changes {
    std::optional<std::string> name;
    std::optional<bool> is_default;
    std::optional<std::optional<std::string>> pkce;
    std::optional<std::string> platform; // these are fixed
    std::optional<std::string> client_id;
    std::optional<std::string> client_secret;
    std::optional<std::string> instance;
    std::optional<std::string> issuer;
};
BOOST_DESCRIBE_STRUCT(credentials_changes, (),
                      (name, is_default, pkce, platform, client_id, client_secret, instance, issuer))

struct secret_body {
    std::optional<std::string> client_secret; // a public client has none
    std::optional<std::uint32_t> overlap_seconds;
};
BOOST_DESCRIBE_STRUCT(secret_body, (), (client_secret, overlap_seconds))

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
            {"previous_secret_until", render_time(shown.previous_secret_until)},
            {"unhealthy_since", render_time(shown.unhealthy_since)},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

http::response answer(services::outcome<services::credentials_view> const& came, unsigned status,
                      http::request const& asked) {
    return came.has_error() ? refuse(came.error(), asked)
                            : with_etag(http::response::json(status, to_json(*came)), came->version);
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
    co_return answer(made, 201, of.asked);
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

runtime::task<http::response> get_credentials(call of) {
    auto const found = co_await of.services().credentials.get(of.workspace(), of.asked.path_parameter("id"));
    co_return answer(found, 200, of.asked);
}

runtime::task<http::response> update_credentials(call of) {
    auto body = read_body<credentials_changes>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    if (auto refused = refuse_fixed(of.asked, {{"client_secret", body->client_secret.has_value()}},
                                    "The secret is changed by POST /v1/credentials/{id}/rotate-secret.")) {
        co_return *refused;
    }
    if (auto refused = refuse_fixed(of.asked,
                                    {{"platform", body->platform.has_value()},
                                     {"client_id", body->client_id.has_value()},
                                     {"instance", body->instance.has_value()},
                                     {"issuer", body->issuer.has_value()}},
                                    "Tokens hang on it, so it never changes: store other credentials with "
                                    "POST /v1/credentials and connect the accounts with those.")) {
        co_return *refused;
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    auto const changed = co_await of.services().credentials.update(
        of.workspace(), of.asked.path_parameter("id"),
        {.name = std::move(body->name), .is_default = body->is_default, .pkce = std::move(body->pkce)},
        *seen);
    co_return answer(changed, 200, of.asked);
}

runtime::task<http::response> rotate_credentials_secret(call of) {
    auto body = read_body<secret_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    services::new_secret fresh{
        .client_secret = crypto::secret::take(std::move(body->client_secret).value_or(std::string{}))};
    if (body->overlap_seconds) {
        fresh.overlap = std::chrono::seconds{*body->overlap_seconds};
    }
    auto const changed = co_await of.services().credentials.rotate(
        of.workspace(), of.asked.path_parameter("id"), std::move(fresh), *seen);
    co_return answer(changed, 200, of.asked);
}

runtime::task<http::response> delete_credentials(call of) {
    auto const force = read_flag(of.asked, "force");
    if (force.has_error()) {
        co_return refuse(force.error(), of.asked);
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    using enum services::credentials::removal;
    auto const removed = co_await of.services().credentials.remove(
        of.workspace(), of.asked.path_parameter("id"), *force ? forced : if_unused, *seen);
    if (removed.has_error()) {
        co_return refuse(removed.error(), of.asked);
    }
    co_return http::response::no_content();
}

} // namespace connectd::server::api

#include "server/api/api_keys.hpp"

#include "server/api/body.hpp"
#include "server/api/etag.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"
#include "server/api/time_input.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::api {
namespace {

struct api_key_body {
    std::string name;
    std::optional<std::vector<std::string>> scopes;
    std::optional<std::string> expires_at;
};
BOOST_DESCRIBE_STRUCT(api_key_body, (), (name, scopes, expires_at))

struct api_key_changes {
    std::optional<std::string> name;
    std::optional<std::optional<std::string>> expires_at;
    std::optional<std::vector<std::string>> scopes; // fixed
};
BOOST_DESCRIBE_STRUCT(api_key_changes, (), (name, expires_at, scopes))

struct rotation_body {
    std::optional<std::uint32_t> overlap_seconds;
};
BOOST_DESCRIBE_STRUCT(rotation_body, (), (overlap_seconds))

boost::json::object to_json(services::api_key_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"workspace_id", shown.workspace.to_string()},
            {"name", shown.name},
            {"scopes", render_list(shown.scopes)},
            {"hint", shown.hint},
            {"last_used_at", render_time(shown.last_used_at)},
            {"previous_key_until", render_time(shown.previous_until)},
            {"expires_at", render_time(shown.expires_at)},
            {"revoked_at", render_time(shown.revoked_at)},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

http::response answer(services::outcome<services::api_key_view> const& came, http::request const& asked) {
    return came.has_error() ? refuse(came.error(), asked)
                            : with_etag(http::response::json(200, to_json(*came)), came->version);
}

http::response answer(services::outcome<services::created_api_key> const& came, unsigned status,
                      http::request const& asked) {
    if (came.has_error()) {
        return refuse(came.error(), asked);
    }
    auto shown = to_json(came->view);
    shown["key"] = came->key.reveal(); // this once and never again
    return with_etag(http::response::json(status, shown), came->view.version);
}

std::string workspace_of(call const& of) {
    return of.who.root ? of.asked.path_parameter("id") : of.workspace().to_string();
}

std::string key_of(call const& of) {
    return of.asked.path_parameter(of.who.root ? "key" : "id");
}

services::scope_set grantable(call const& of) {
    return of.who.root ? services::every_scope() : of.who.scopes;
}

services::outcome<runtime::sys_ms> read_expiry(std::string_view text) {
    auto const when = read_time(text);
    if (!when) {
        return services::failure{services::errc::field_invalid,
                                 "A time such as 2026-09-01T07:00:00Z, or null.", "expires_at"};
    }
    return *when;
}

} // namespace

runtime::task<http::response> create_api_key(call of) {
    auto body = read_body<api_key_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    services::new_api_key wanted{.name = std::move(body->name), .scopes = std::move(body->scopes)};
    if (body->expires_at) {
        auto const when = read_expiry(*body->expires_at);
        if (when.has_error()) {
            co_return refuse(when.error(), of.asked);
        }
        wanted.expires_at = *when;
    }
    auto const made =
        co_await of.services().api_keys.create(workspace_of(of), std::move(wanted), grantable(of));
    co_return answer(made, 201, of.asked);
}

runtime::task<http::response> list_api_keys(call of) {
    auto const page = read_page(of.asked);
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found = co_await of.services().api_keys.list(workspace_of(of), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> get_api_key(call of) {
    co_return answer(co_await of.services().api_keys.get(workspace_of(of), key_of(of)), of.asked);
}

runtime::task<http::response> update_api_key(call of) {
    auto body = read_body<api_key_changes>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    if (auto refused = refuse_fixed(of.asked, {{"scopes", body->scopes.has_value()}},
                                    "A key keeps its scopes: make another one in its place.")) {
        co_return *refused;
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    services::api_key_changes wanted{.name = std::move(body->name)};
    if (body->expires_at && *body->expires_at) {
        auto const when = read_expiry(**body->expires_at);
        if (when.has_error()) {
            co_return refuse(when.error(), of.asked);
        }
        wanted.expires_at.emplace(*when);
    } else if (body->expires_at) {
        wanted.expires_at.emplace();
    }
    auto const changed =
        co_await of.services().api_keys.update(workspace_of(of), key_of(of), std::move(wanted), *seen);
    co_return answer(changed, of.asked);
}

runtime::task<http::response> rotate_api_key(call of) {
    rotation_body wanted;
    if (!of.asked.body.empty()) {
        auto body = read_body<rotation_body>(of.asked);
        if (body.has_error()) {
            co_return body.error();
        }
        wanted = *body;
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    auto const overlap = wanted.overlap_seconds ? std::chrono::seconds{*wanted.overlap_seconds}
                                                : services::api_keys::usual_overlap;
    auto const made =
        co_await of.services().api_keys.rotate(workspace_of(of), key_of(of), overlap, grantable(of), *seen);
    co_return answer(made, 200, of.asked);
}

runtime::task<http::response> revoke_api_key(call of) {
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    co_return answer(co_await of.services().api_keys.revoke(workspace_of(of), key_of(of), *seen), of.asked);
}

} // namespace connectd::server::api

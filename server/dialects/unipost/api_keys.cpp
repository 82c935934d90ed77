// /v1/api-keys: keys without scopes, which can do what their maker can.
#include "server/dialects/fields.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/http/render.hpp"
#include "server/http/time_input.hpp"

#include <utility>

namespace connectd::server::dialects::unipost {
namespace {

// Of keys as they are shown to the vendor's clients, which look at how they begin.
constexpr std::string_view live = "up_live_";

boost::json::object to_json(services::api_key_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"prefix", std::string{live}.append(shown.hint)},
            {"environment", "production"},
            {"created_at", http::render_time(shown.created_at)}};
}

services::outcome<services::new_api_key> read_key(http::request const& asked) {
    auto body = fields::read(asked);
    if (body.has_error()) {
        return body.error();
    }
    services::new_api_key wanted{.name = body->text("name"), .scopes = {}};
    auto const environment = body->optional_text("environment").value_or("production");
    auto const ends = body->optional_text("expires_at");
    if (auto const& wrong = body->problem()) {
        return *wrong;
    }
    if (environment != "production") {
        return services::failure{services::errc::field_invalid, "There are production keys only.",
                                 "environment"};
    }
    if (ends) {
        wanted.expires_at = http::read_time(*ends);
        if (!wanted.expires_at) {
            return services::failure{services::errc::field_invalid,
                                     "expires_at is a time such as 2026-09-01T07:00:00Z.", "expires_at"};
        }
    }
    return wanted;
}

} // namespace

runtime::task<http::response> create_api_key(call of) {
    auto wanted = read_key(of.asked);
    if (wanted.has_error()) {
        co_return of.refuse(wanted.error());
    }
    auto const made =
        co_await of.services().api_keys.create(of.workspace().to_string(), std::move(*wanted), of.who.scopes);
    if (made.has_error()) {
        co_return of.refuse(made.error());
    }
    auto shown = to_json(made->view);
    shown["key"] = std::string{live}.append(made->key.reveal()); // this once and never again
    co_return answer(201, std::move(shown), of);
}

runtime::task<http::response> list_api_keys(call of) {
    auto const found = co_await live_api_keys(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        auto row = to_json(each);
        row["last_used_at"] = http::render_time(each.last_used_at);
        row["expires_at"] = http::render_time(each.expires_at);
        data.push_back(std::move(row));
    }
    co_return answer_list(std::move(data), of);
}

runtime::task<http::response> revoke_api_key(call of) {
    auto const gone = co_await revoke_live_key(of, of.asked.path_parameter("id"));
    co_return gone.has_error() ? of.refuse(gone.error()) : http::response::no_content();
}

} // namespace connectd::server::dialects::unipost

// /v1/api-keys: our keys with our scopes.
#include "server/dialects/fields.hpp"
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/dialects/reading.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace connectd::server::dialects::letmepost {
namespace {

constexpr std::string_view live = "lmp_live_";
constexpr std::size_t last_characters = 4;

boost::json::object to_json(services::api_key_view const& shown) {
    auto const& hint = shown.hint;
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"prefix", live},
            {"last4", hint.substr(hint.size() - std::min(hint.size(), last_characters))},
            {"scopes", http::render_list(shown.scopes)},
            {"profileId", nullptr},
            {"createdAt", http::render_time(shown.created_at)}};
}

// A restriction that is not kept here must not be taken for kept.
std::optional<services::failure> find_unkept(std::string const& prefix,
                                             std::optional<std::string> const& profile) {
    if (prefix != live) {
        return services::failure{services::errc::field_invalid, "There are keys with lmp_live_ only.",
                                 "prefix"};
    }
    if (profile) {
        return services::failure{services::errc::field_invalid, "A key cannot be bound to one profile here.",
                                 "profileId"};
    }
    return std::nullopt;
}

} // namespace

// Without scopes all that the maker has, as with a key that has none at the vendor.
runtime::task<http::response> create_api_key(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::new_api_key wanted{.name = body->text("name"), .scopes = body->optional_texts("scopes")};
    auto const prefix = body->optional_text("prefix").value_or(std::string{live});
    auto const profile = body->optional_text("profileId");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (auto const unkept = find_unkept(prefix, profile)) {
        co_return of.refuse(*unkept);
    }
    if (wanted.scopes && wanted.scopes->empty()) {
        wanted.scopes.reset();
    }
    auto const made =
        co_await of.services().api_keys.create(of.workspace().to_string(), std::move(wanted), of.who.scopes);
    if (made.has_error()) {
        co_return of.refuse(made.error());
    }
    auto shown = to_json(made->view);
    shown["key"] = std::string{live}.append(made->key.reveal()); // this once and never again
    co_return http::response::json(201, shown);
}

runtime::task<http::response> list_api_keys(call of) {
    auto const found = co_await all_api_keys(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        auto row = to_json(each);
        row["lastUsedAt"] = http::render_time(each.last_used_at);
        row["revokedAt"] = http::render_time(each.revoked_at);
        data.push_back(std::move(row));
    }
    co_return http::response::json(200, boost::json::object{{"data", std::move(data)}});
}

runtime::task<http::response> revoke_api_key(call of) {
    auto const gone = co_await revoke_live_key(of, of.asked.path_parameter("id"));
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return http::response::json(200,
                                   boost::json::object{{"id", gone->id.to_string()},
                                                       {"revokedAt", http::render_time(gone->revoked_at)}});
}

} // namespace connectd::server::dialects::letmepost

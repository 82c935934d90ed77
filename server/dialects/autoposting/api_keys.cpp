// /api-keys: our keys, whose scopes have the vendor's words where it has some.
#include "server/dialects/autoposting/autoposting.hpp"
#include "server/dialects/fields.hpp"
#include "server/dialects/reading.hpp"
#include "server/http/render.hpp"
#include "server/http/time_input.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::server::dialects::autoposting {
namespace {

constexpr std::string_view begin_of_keys = "sk-social-";

struct scope_words {
    std::string_view vendor;
    std::string_view ours;
};

// Publishing is a call through the proxy here.
constexpr scope_words scope_table[] = {
    {"brands:read", "accounts:read"},
    {"brands:write", "accounts:write"},
    {"posts:read", "proxy"},
    {"posts:write", "proxy"},
    {"webhooks:read", "webhooks:write"},
    {"webhooks:write", "webhooks:write"},
};

// Of what there is nothing of here.
constexpr std::string_view without_use[] = {"clips", "carousels", "agents", "kb", "kbs", "usage"};

bool is_without_use(std::string_view scope) {
    auto const noun = scope.substr(0, scope.find(':'));
    return std::ranges::find(without_use, noun) != std::end(without_use);
}

// Ours as they are too; what is neither is refused by who makes the key.
std::vector<std::string> our_scopes(std::vector<std::string> const& wanted) {
    std::vector<std::string> scopes;
    for (auto const& each : wanted) {
        auto const* known = std::ranges::find(scope_table, each, &scope_words::vendor);
        if (known != std::end(scope_table)) {
            scopes.emplace_back(known->ours);
        } else if (!is_without_use(each)) {
            scopes.push_back(each);
        }
    }
    return scopes;
}

boost::json::array shown_scopes(std::vector<std::string> const& scopes) {
    boost::json::array shown;
    for (auto const& each : scopes) {
        bool named = false;
        for (auto const& word : scope_table) {
            if (word.ours == each) {
                shown.emplace_back(word.vendor);
                named = true;
            }
        }
        if (!named) {
            shown.emplace_back(each);
        }
    }
    return shown;
}

boost::json::object to_json(services::api_key_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"scopes", shown_scopes(shown.scopes)},
            {"expiresAt", http::render_time(shown.expires_at)}};
}

// Null, as no member, is a key that never expires. Errors: field_invalid.
services::outcome<std::optional<runtime::sys_ms>> read_expiry(fields& body) {
    auto const text = body.optional_text("expiresAt");
    auto const when = text ? http::read_time(*text) : std::nullopt;
    if (text && !when) {
        return services::failure{services::errc::field_invalid,
                                 "expiresAt is a time such as 2026-09-01T07:00:00Z.", "expiresAt"};
    }
    return when;
}

} // namespace

runtime::task<http::response> create_api_key(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::new_api_key wanted{.name = body->text("name"), .scopes = our_scopes(body->texts("scopes"))};
    auto const expiry = read_expiry(*body);
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (expiry.has_error()) {
        co_return of.refuse(expiry.error());
    }
    wanted.expires_at = *expiry;
    auto const made =
        co_await of.services().api_keys.create(of.workspace().to_string(), std::move(wanted), of.who.scopes);
    if (made.has_error()) {
        co_return of.refuse(made.error());
    }
    auto shown = to_json(made->view);
    shown["key"] = std::string{begin_of_keys}.append(made->key.reveal()); // this once and never again
    shown["createdAt"] = http::render_time(made->view.created_at);
    co_return answer(std::move(shown));
}

runtime::task<http::response> list_api_keys(call of) {
    auto const found = co_await live_api_keys(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        auto row = to_json(each);
        row["keyHint"] = std::string{begin_of_keys}.append(each.hint);
        row["lastUsedAt"] = http::render_time(each.last_used_at);
        row["createdAt"] = http::render_time(each.created_at);
        data.push_back(std::move(row));
    }
    co_return answer(std::move(data));
}

runtime::task<http::response> update_api_key(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::api_key_changes wanted{.name = body->optional_text("name")};
    auto const expiry = read_expiry(*body);
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (expiry.has_error()) {
        co_return of.refuse(expiry.error());
    }
    if (body->has("expiresAt")) {
        wanted.expires_at.emplace(*expiry);
    }
    auto const changed = co_await of.services().api_keys.update(
        of.workspace().to_string(), of.asked.path_parameter("key"), std::move(wanted));
    if (changed.has_error()) {
        co_return of.refuse(changed.error());
    }
    auto shown = to_json(*changed);
    shown["updatedAt"] = http::render_time(changed->updated_at);
    co_return answer(std::move(shown));
}

runtime::task<http::response> revoke_api_key(call of) {
    auto const gone = co_await revoke_live_key(of, of.asked.path_parameter("key"));
    co_return gone.has_error() ? of.refuse(gone.error()) : answer(boost::json::object{{"deleted", true}});
}

} // namespace connectd::server::dialects::autoposting

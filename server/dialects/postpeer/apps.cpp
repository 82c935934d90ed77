// /v1/apps: the customer's own OAuth apps, several a platform.
#include "server/dialects/fields.hpp"
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <algorithm>

namespace connectd::server::dialects::postpeer {
namespace {

boost::json::object to_json(services::credentials_view const& shown,
                            std::span<services::account_view const> accounts) {
    auto const users = std::ranges::count(accounts, shown.id, &services::account_view::credentials);
    return {{"id", shown.id.to_string()},
            {"platform", with_twitter(shown.platform)},
            {"name", shown.name},
            {"imageUrl", nullptr},
            {"clientId", shown.client_id},
            {"integrationCount", users},
            {"createdAt", http::render_time(shown.created_at)},
            {"updatedAt", http::render_time(shown.updated_at)}};
}

runtime::task<services::outcome<services::credentials_view>> find_app(call of) {
    auto const id = of.asked.path_parameter("id");
    auto const apps = co_await all_credentials(of, std::nullopt);
    if (apps.has_error()) {
        co_return apps.error();
    }
    auto const found =
        std::ranges::find_if(*apps, [&](auto const& each) { return each.id.to_string() == id; });
    if (found == apps->end()) {
        co_return services::errc::credentials_not_found;
    }
    co_return *found;
}

} // namespace

runtime::task<http::response> create_app(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::new_credentials wanted{.platform = body->text("platform"),
                                     .client_id = body->text("clientId"),
                                     .client_secret = body->secret("clientSecret"),
                                     .name = body->text("name")};
    body->optional_text("imageUrl"); // taken and not kept
    body->refuse_others();
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const before = co_await all_credentials(of, std::nullopt);
    if (before.has_error()) {
        co_return of.refuse(before.error());
    }
    bool const there = std::ranges::any_of(*before, [&](auto const& each) {
        return with_twitter(each.platform) == with_twitter(wanted.platform) &&
               each.client_id == wanted.client_id;
    });
    if (there) {
        co_return of.refuse(
            services::refusal{409, "conflict", "An app with this clientId is there already."});
    }
    auto const made = co_await of.services().credentials.create(of.workspace(), std::move(wanted));
    if (made.has_error()) {
        co_return of.refuse(made.error());
    }
    co_return answer(201, "app", to_json(*made, {}));
}

runtime::task<http::response> list_apps(call of) {
    auto const apps = co_await all_credentials(of, std::nullopt);
    if (apps.has_error()) {
        co_return of.refuse(apps.error());
    }
    auto const accounts = co_await all_accounts(of, {});
    if (accounts.has_error()) {
        co_return of.refuse(accounts.error());
    }
    auto const platform = of.query("platform");
    auto const name = of.query("name");
    boost::json::array shown;
    for (auto const& each : *apps) {
        bool const wanted = (!platform || with_twitter(each.platform) == with_twitter(*platform)) &&
                            (!name || each.name.find(*name) != std::string::npos);
        if (wanted) {
            shown.push_back(to_json(each, *accounts));
        }
    }
    auto page = answer_page(of, "apps", std::move(shown));
    co_return page.has_error() ? of.refuse(page.error()) : std::move(*page);
}

runtime::task<http::response> get_app(call of) {
    auto const found = co_await find_app(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    auto const accounts = co_await all_accounts(of, {});
    if (accounts.has_error()) {
        co_return of.refuse(accounts.error());
    }
    co_return answer(200, "app", to_json(*found, *accounts));
}

runtime::task<http::response> update_app(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto name = body->optional_text("name");
    auto secret = body->optional_text("clientSecret");
    body->optional_text("imageUrl"); // taken and not kept
    body->refuse_others();           // platform and clientId never change
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto& credentials = of.services().credentials;
    auto const id = of.asked.path_parameter("id");
    if (name) {
        auto const named = co_await credentials.update(of.workspace(), id, {.name = std::move(name)});
        if (named.has_error()) {
            co_return of.refuse(named.error());
        }
    }
    if (secret) {
        auto const rotated = co_await credentials.rotate(
            of.workspace(), id, {.client_secret = crypto::secret::take(*std::move(secret))});
        if (rotated.has_error()) {
            co_return of.refuse(rotated.error());
        }
    }
    co_return co_await get_app(of);
}

runtime::task<http::response> delete_app(call of) {
    auto const gone = co_await of.services().credentials.remove(of.workspace(), of.asked.path_parameter("id"),
                                                                services::credentials::removal::if_unused);
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return answer_done("App deleted");
}

} // namespace connectd::server::dialects::postpeer

// /brands/{slug}/tokens: connected accounts, addressed by platform and the platform's user id.
#include "server/dialects/autoposting/autoposting.hpp"
#include "server/dialects/fields.hpp"
#include "server/dialects/reading.hpp"
#include "server/http/render.hpp"
#include "server/http/time_input.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::dialects::autoposting {
namespace {

std::string shown_name(services::account_view const& shown) {
    return shown.username.empty() ? shown.display_name : "@" + shown.username;
}

// The brand's accounts on the platform of the path, oldest first.
runtime::task<services::outcome<std::vector<services::account_view>>> find_accounts(call of) {
    auto const platform = of.asked.path_parameter("platform");
    if (!is_platform(platform)) {
        co_return services::failure{services::errc::platform_not_found,
                                    "There is no platform \"" + platform + "\"."};
    }
    auto const brand = co_await find_by_slug(of, of.asked.path_parameter("slug"));
    if (brand.has_error()) {
        co_return brand.error();
    }
    co_return co_await all_accounts(
        of, {.platform = platform, .status = {}, .profile_id = brand->id.to_string(), .instance = {}});
}

// The one of the user in the path. Errors: those of find_accounts, account_not_found.
runtime::task<services::outcome<services::account_view>> find_account(call of) {
    auto const found = co_await find_accounts(of);
    if (found.has_error()) {
        co_return found.error();
    }
    auto const account =
        std::ranges::find(*found, of.asked.path_parameter("user"), &services::account_view::platform_user_id);
    if (account == found->end()) {
        co_return services::errc::account_not_found;
    }
    co_return *account;
}

struct token_body {
    std::string platform;
    crypto::secret access_token;
    std::optional<crypto::secret> refresh_token;
    std::string user;
    std::optional<runtime::sys_ms> expires_at;
};

services::outcome<token_body> read_token(http::request const& asked) {
    auto body = fields::read(asked);
    if (body.has_error()) {
        return body.error();
    }
    token_body wanted{.platform = body->text("platform"),
                      .access_token = body->secret("accessToken"),
                      .refresh_token = {},
                      .user = body->text("platformUserId"),
                      .expires_at = {}};
    if (auto refresh = body->optional_text("refreshToken")) {
        wanted.refresh_token = crypto::secret::take(*std::move(refresh));
    }
    auto const ends = body->optional_text("expiresAt");
    if (auto const& wrong = body->problem()) {
        return *wrong;
    }
    if (!is_platform(wanted.platform)) {
        return services::failure{services::errc::field_invalid,
                                 "platform is one of x, linkedin, instagram, threads and youtube.",
                                 "platform"};
    }
    if (ends) {
        wanted.expires_at = http::read_time(*ends);
        if (!wanted.expires_at) {
            return services::failure{services::errc::field_invalid,
                                     "expiresAt is a time such as 2026-09-01T07:00:00Z.", "expiresAt"};
        }
    }
    return wanted;
}

} // namespace

runtime::task<http::response> store_token(call of) {
    auto const brand = co_await find_by_slug(of, of.asked.path_parameter("slug"));
    if (brand.has_error()) {
        co_return of.refuse(brand.error());
    }
    auto given = read_token(of.asked);
    if (given.has_error()) {
        co_return of.refuse(given.error());
    }
    services::imported_tokens tokens;
    tokens.platform = std::move(given->platform);
    tokens.access_token = std::move(given->access_token);
    tokens.refresh_token = std::move(given->refresh_token);
    tokens.access_expires_at = given->expires_at;
    tokens.profile_id = brand->id.to_string();
    tokens.platform_user_id = std::move(given->user);
    auto const stored = co_await of.services().token_import.import(of.workspace(), std::move(tokens));
    if (stored.has_error()) {
        co_return of.refuse(stored.error());
    }
    co_return answer(to_json(*stored));
}

boost::json::object to_json(services::account_view const& shown) {
    return {{"tokenId", shown.id.to_string()},
            {"platformUserId", shown.platform_user_id},
            {"username", shown_name(shown)},
            {"scopes", http::render_list(shown.scopes)},
            {"expiresAt", http::render_time(shown.access_expires_at)},
            {"lastUsedAt", http::render_time(shown.last_used_at)},
            {"status", shown.status}};
}

runtime::task<http::response> list_tokens(call of) {
    auto const found = co_await find_accounts(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::array data;
    for (auto const& each : *found) {
        data.push_back(to_json(each));
    }
    co_return answer(std::move(data));
}

// Of several accounts the one that was connected first.
runtime::task<http::response> refresh_token(call of) {
    auto const found = co_await find_accounts(of);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    if (found->empty()) {
        co_return of.refuse(services::refusal{409, "no_connection", "No account is connected here."});
    }
    auto const fresh =
        co_await of.services().account_tokens.refresh_now(of.workspace(), found->front().id.to_string());
    if (fresh.has_error()) {
        co_return of.refuse(fresh.error());
    }
    co_return answer(boost::json::object{{"tokenId", fresh->id.to_string()},
                                         {"expiresAt", http::render_time(fresh->access_expires_at)},
                                         {"refreshedAt", http::render_time(of.with.clock.now())}});
}

runtime::task<http::response> delete_token(call of) {
    auto const account = co_await find_account(of);
    if (account.has_error()) {
        co_return of.refuse(account.error());
    }
    auto const gone = co_await of.services().disconnects.disconnect(of.workspace(), account->id.to_string(),
                                                                    {.row = services::row_wish::drop});
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return answer(boost::json::object{{"deleted", true}});
}

// The documents do not say what the vendor calls the other brand here: this is its word in another body.
runtime::task<http::response> move_token(call of) {
    auto const account = co_await find_account(of);
    if (account.has_error()) {
        co_return of.refuse(account.error());
    }
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto slug = body->text("brandSlug");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const target = co_await find_by_slug(of, std::move(slug));
    if (target.has_error()) {
        co_return of.refuse(target.error());
    }
    auto const moved = co_await of.services().accounts.update(
        of.workspace(), account->id.to_string(), {.metadata = {}, .profile_id = target->id.to_string()});
    co_return moved.has_error() ? of.refuse(moved.error()) : answer(to_json(*moved));
}

} // namespace connectd::server::dialects::autoposting

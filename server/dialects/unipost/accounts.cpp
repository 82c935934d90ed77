// /v1/accounts and /v1/oauth: connected accounts, and connecting one's own.
#include "server/dialects/fields.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <algorithm>

namespace connectd::server::dialects::unipost {
namespace {

std::string_view status_of(services::account_view const& shown) {
    if (shown.status == "active" || shown.status == "disconnected") {
        return shown.status;
    }
    return "reconnect_required";
}

std::string_view health_of(services::account_view const& shown) {
    if (shown.status == "active") {
        return "ok";
    }
    return shown.status == "disconnected" ? "disconnected" : "degraded";
}

std::string name_of(services::account_view const& shown) {
    return shown.username.empty() ? shown.display_name : shown.username;
}

runtime::task<http::response> connect_bluesky(call of, std::optional<std::string> profile) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto const platform = body->text("platform");
    auto credentials = body->object("credentials");
    // The documents name the two one way, the source the other.
    bool const documented = credentials.has("identifier");
    services::app_password_login login{
        .identifier = credentials.text(documented ? "identifier" : "handle"),
        .app_password = credentials.secret(credentials.has("password") ? "password" : "app_password"),
        .profile_id = profile ? std::move(profile) : body->optional_text("profile_id"),
        .account_id = {}};
    for (auto const* read : {&*body, &credentials}) {
        if (auto const& wrong = read->problem()) {
            co_return of.refuse(*wrong);
        }
    }
    auto const account = co_await of.services().logins.sign_in(of.workspace(), platform, std::move(login));
    if (account.has_error()) {
        co_return of.refuse(account.error());
    }
    auto const profiles = co_await all_profiles(of);
    if (profiles.has_error()) {
        co_return of.refuse(profiles.error());
    }
    co_return answer(201, to_json(*account, *profiles), of);
}

runtime::task<http::response> list(call of, std::optional<std::string> profile) {
    auto found = co_await all_accounts(of, {.platform = of.query("platform"),
                                            .status = of.query("include_disconnected") == "true"
                                                          ? std::optional<std::string>{"all"}
                                                          : std::nullopt,
                                            .profile_id = profile,
                                            .instance = {}});
    auto const profiles = co_await all_profiles(of);
    if (found.has_error() || profiles.has_error()) {
        co_return of.refuse(found.has_error() ? found.error() : profiles.error());
    }
    auto const user = of.query("external_user_id");
    boost::json::array data;
    for (auto at = found->rbegin(); at != found->rend(); ++at) { // newest first
        if (!user || metadata_text(at->metadata, "external_user_id") == user) {
            data.push_back(to_json(*at, *profiles));
        }
    }
    co_return answer_list(std::move(data), of);
}

runtime::task<http::response> begin(call of, std::string platform, std::optional<std::string> profile,
                                    std::optional<std::string> back) {
    auto const callback = of.base() + "/v1/oauth/callback/" + std::string{with_twitter(platform)};
    // The one platform whose choice is a pending connection.
    auto const by_program = platform == "facebook" ? std::optional<std::string>{"api"} : std::nullopt;
    auto const begun =
        co_await of.services().sessions.create(of.workspace(), {.platform = platform,
                                                                .profile_id = std::move(profile),
                                                                .return_url = std::move(back),
                                                                .credentials_id = {},
                                                                .scopes = {},
                                                                .account_id = {},
                                                                .metadata = {},
                                                                .allow_quickstart = true,
                                                                .choose = by_program,
                                                                .dialect = std::string{own_accounts},
                                                                .redirect_uri = callback});
    if (begun.has_error()) {
        co_return of.refuse_begin(begun.error(), "POST /v1/platform-credentials", callback);
    }
    co_return answer(200, boost::json::object{{"auth_url", begun->authorize_url.value_or(begun->url)}}, of);
}

} // namespace

boost::json::object to_json(services::account_view const& shown,
                            std::vector<services::profile_view> const& profiles) {
    auto const profile = std::ranges::find(profiles, shown.profile, &services::profile_view::id);
    auto const user = metadata_text(shown.metadata, "external_user_id");
    boost::json::object account{{"id", shown.id.to_string()},
                                {"profile_id", shown.profile.to_string()},
                                {"profile_name", profile == profiles.end() ? std::string{} : profile->name},
                                {"platform", with_twitter(shown.platform)},
                                {"account_name", http::render_text(name_of(shown))},
                                {"external_account_id", shown.platform_user_id},
                                {"connected_at", http::render_time(shown.connected_at)},
                                {"status", status_of(shown)},
                                {"connection_type", user ? "managed" : "byo"},
                                {"scope", http::render_list(shown.scopes)},
                                {"username", http::render_text(shown.username)},
                                {"display_name", http::render_text(shown.display_name)},
                                {"identity_refresh_required", false},
                                {"last_connected_at", http::render_time(shown.connected_at)}};
    if (user) {
        account["external_user_id"] = *user;
    }
    if (auto const email = metadata_text(shown.metadata, "external_user_email")) {
        account["external_user_email"] = *email;
    }
    return account;
}

runtime::task<http::response> list_accounts(call of) {
    co_return co_await list(of, of.query("profile_id"));
}

runtime::task<http::response> list_profile_accounts(call of) {
    auto const profile =
        co_await of.services().profiles.get(of.workspace(), of.asked.path_parameter("profile"));
    if (profile.has_error()) {
        co_return of.refuse(profile.error());
    }
    co_return co_await list(of, profile->id.to_string());
}

runtime::task<http::response> get_account(call of) {
    auto const found = co_await of.services().accounts.get(of.workspace(), of.asked.path_parameter("id"));
    auto const profiles = co_await all_profiles(of);
    if (found.has_error() || profiles.has_error()) {
        co_return of.refuse(found.has_error() ? found.error() : profiles.error());
    }
    co_return answer(200, to_json(*found, *profiles), of);
}

runtime::task<http::response> delete_account(call of) {
    auto const gone = co_await of.services().disconnects.disconnect(
        of.workspace(), of.asked.path_parameter("id"), {.row = services::row_wish::keep});
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return answer(200, boost::json::object{{"disconnected", true}}, of);
}

// A row that is kept after a disconnect, and no other, goes out of sight for good.
runtime::task<http::response> dismiss_account(call of) {
    auto const id = of.asked.path_parameter("id");
    auto const found = co_await of.services().accounts.get(of.workspace(), id);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    if (found->status != "disconnected") {
        co_return of.refuse(services::refusal{409, "conflict", "The account is not disconnected."});
    }
    auto const gone =
        co_await of.services().disconnects.disconnect(of.workspace(), id, {.row = services::row_wish::drop});
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return answer(200, boost::json::object{{"dismissed", true}}, of);
}

runtime::task<http::response> show_health(call of) {
    auto const found = co_await of.services().accounts.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    boost::json::object health{{"social_account_id", found->id.to_string()},
                               {"platform", with_twitter(found->platform)},
                               {"status", health_of(*found)}};
    if (found->access_expires_at) {
        health["token_expires_at"] = http::render_time(found->access_expires_at);
    }
    if (!found->status_cause.empty()) {
        health["last_error"] = {{"code", found->status_cause},
                                {"message", "The account has to be connected again."},
                                {"occurred_at", http::render_time(found->updated_at)}};
    }
    co_return answer(200, std::move(health), of);
}

runtime::task<http::response> connect_account(call of) {
    co_return co_await connect_bluesky(of, std::nullopt);
}

runtime::task<http::response> connect_to_profile(call of) {
    co_return co_await connect_bluesky(of, of.asked.path_parameter("profile"));
}

runtime::task<http::response> begin_oauth(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto platform = body->text("platform");
    auto profile = body->optional_text("profile_id");
    auto back = body->optional_text("redirect_url");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    co_return co_await begin(of, std::move(platform), std::move(profile), std::move(back));
}

runtime::task<http::response> begin_profile_oauth(call of) {
    co_return co_await begin(of, of.asked.path_parameter("platform"), of.asked.path_parameter("profile"),
                             of.query("redirect_url"));
}

} // namespace connectd::server::dialects::unipost

#include "server/services/app_choice.hpp"

#include "server/services/input.hpp"
#include "server/services/plans.hpp"
#include "server/services/platform_choice.hpp"
#include "storage/tables/credentials.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

chosen_app own(storage::credentials const& row, platforms::descriptor const& platform,
               std::vector<std::string> const& scopes) {
    auto const& issuer = row.issuer.empty() ? platform.issuer : row.issuer;
    chosen_app chosen{.credentials = row.id,
                      .client_id = row.client_id,
                      .instance = row.instance.empty() ? issuer : row.instance,
                      .pkce = row.pkce};
    if (row.registered) {
        chosen.scopes = scopes_through(row, platform, scopes);
    }
    return chosen;
}

runtime::task<outcome<chosen_app>> choose_named(storage::kv& store, platforms::descriptor const& platform,
                                                crypto::workspace_id workspace, app_wish wish) {
    auto const id =
        parse_id<crypto::credentials_id>(*wish.credentials_id, errc::credentials_not_found, "credentials_id");
    if (id.has_error()) {
        co_return id.error();
    }
    auto const named = co_await storage::credentials_table::get(store, workspace, *id);
    if (named.has_error()) {
        co_return named.error();
    }
    if (!*named || (*named)->record.retired_at) {
        co_return failure{errc::credentials_not_found, {}, "credentials_id"};
    }
    if ((*named)->record.platform != app_platform(platform)) {
        co_return failure{errc::field_invalid,
                          "These credentials belong to " + (*named)->record.platform + ".", "credentials_id"};
    }
    // Which issuer it is, the app alone says.
    if (platform.instances == platforms::instance_kind::host && (*named)->record.instance != wish.instance) {
        co_return failure{errc::field_invalid,
                          "These credentials belong to " + (*named)->record.instance + ".", "credentials_id"};
    }
    co_return own((*named)->record, platform, wish.scopes);
}

// The app that the account to reconnect came with. Nothing where that is gone, or was registered by this
// server, which knows better whether it still serves.
runtime::task<outcome<std::optional<chosen_app>>> choose_same(storage::kv& store,
                                                              platforms::descriptor const& platform,
                                                              crypto::workspace_id workspace, app_wish wish) {
    if (wish.account_credentials.is_nil()) {
        co_return std::nullopt;
    }
    auto const row = co_await storage::credentials_table::get(store, workspace, wish.account_credentials);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row || (*row)->record.registered || (*row)->record.retired_at) {
        co_return std::nullopt;
    }
    co_return own((*row)->record, platform, wish.scopes);
}

failure none_there(platforms::descriptor const& platform, settings const& chosen, bool offered) {
    auto const& holder = app_platform(platform);
    auto const app = wants_issuer(platform) ? "app, with the issuer of its server," : holder + " app";
    auto detail = "Store the client id and secret of your " + app +
                  " with POST /v1/credentials and register " + redirect_uri(chosen, platform.name) +
                  " as its redirect URI";
    if (offered) {
        detail += ", or allow the operator's app with \"allow_quickstart_creds\": true";
    }
    return {errc::credentials_missing, detail + "."};
}

} // namespace

runtime::task<outcome<chosen_app>> choose_app(storage::kv& store, settings const& chosen,
                                              instance_apps& registered,
                                              platforms::descriptor const& platform,
                                              crypto::workspace_id workspace, app_wish wish) {
    if (platform.connect == platforms::connect_kind::app_password) {
        co_return chosen_app{};
    }
    auto const& holder = app_platform(platform);
    if (wish.credentials_id) {
        co_return co_await choose_named(store, platform, workspace, std::move(wish));
    }
    auto same = co_await choose_same(store, platform, workspace, wish);
    if (same.has_error()) {
        co_return same.error();
    }
    if (*same) {
        co_return std::move(**same);
    }
    if (platform.instances == platforms::instance_kind::host) {
        auto const row =
            co_await registered.app_at(workspace, platform, std::move(wish.instance), wish.scopes);
        if (row.has_error()) {
            co_return row.error();
        }
        co_return own(*row, platform, wish.scopes);
    }
    auto const fallback = co_await storage::credentials_table::find_default(store, workspace, holder);
    if (fallback.has_error()) {
        co_return fallback.error();
    }
    auto const* offered = chosen.quickstart == nullptr ? nullptr : chosen.quickstart->find(platform.name);
    bool const came_with_it = wish.account_quickstart && wish.allow_quickstart && offered != nullptr;
    if (*fallback && !came_with_it) {
        co_return own((*fallback)->record, platform, wish.scopes);
    }
    if (offered == nullptr || !wish.allow_quickstart) {
        co_return none_there(platform, chosen, offered != nullptr);
    }
    auto const included = co_await check_plan(store, chosen, workspace, "quickstart", "the operator's apps");
    if (included.has_error()) {
        co_return included.error();
    }
    co_return chosen_app{
        .credentials = {}, .quickstart = true, .client_id = offered->client_id, .instance = platform.issuer};
}

} // namespace connectd::server::services

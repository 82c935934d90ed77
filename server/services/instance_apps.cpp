#include "server/services/instance_apps.hpp"

#include "platforms/instance.hpp"
#include "platforms/oauth2.hpp"
#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/platform_failure.hpp"
#include "server/services/platform_resolver.hpp"
#include "storage/error.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/workspaces.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

bool holds(std::vector<std::string> const& list, std::string const& item) {
    return std::ranges::find(list, item) != list.end();
}

bool covers(std::vector<std::string> const& list, std::vector<std::string> const& wanted) {
    return std::ranges::all_of(wanted, [&](std::string const& each) { return holds(list, each); });
}

std::string host_of(std::string const& origin) {
    return origin.substr(origin.find("://") + 3);
}

failure at_instance_failure(platforms::failure const& cause, std::string const& origin) {
    auto why = describe_server_failure(cause, host_of(origin));
    if (why.code == make_error_code(errc::field_invalid)) {
        why.field = "instance";
    }
    return why;
}

} // namespace

std::optional<std::vector<std::string>> scopes_through(storage::credentials const& app,
                                                       platforms::descriptor const& platform,
                                                       std::vector<std::string> const& scopes) {
    auto wanted = platforms::requested_scopes(platform, scopes);
    if (!app.registered || covers(app.scopes, wanted)) {
        return wanted;
    }
    auto const& fallback = platform.scopes.fallback;
    if (scopes.empty() && !fallback.empty() && covers(app.scopes, fallback)) {
        return fallback;
    }
    return std::nullopt;
}

runtime::task<outcome<storage::credentials>> instance_apps::app_at(crypto::workspace_id workspace,
                                                                   platforms::descriptor const& platform,
                                                                   std::string origin,
                                                                   std::vector<std::string> scopes) {
    auto known = co_await find(workspace, platform.name, origin);
    if (known.has_error()) {
        co_return known.error();
    }
    if (*known && serves((*known)->record, platform, scopes)) {
        co_return std::move((*known)->record);
    }
    auto const turn = co_await turns_.take(std::string{workspace.raw()} + platform.name + " " + origin,
                                           runtime::deadline_in(settings_.discovery_timeout));
    if (turn.has_error()) {
        co_return failure{errc::platform_timeout,
                          host_of(origin) + " did not answer in time. Try again later."};
    }
    // Whoever had the turn before may have registered what is wanted here.
    known = co_await find(workspace, platform.name, origin);
    if (known.has_error()) {
        co_return known.error();
    }
    if (*known && serves((*known)->record, platform, scopes)) {
        co_return std::move((*known)->record);
    }
    auto wanted = platforms::requested_scopes(platform, scopes);
    if (*known) { // what other sessions ask for stays covered
        std::ranges::copy_if((*known)->record.scopes, std::back_inserter(wanted),
                             [&](std::string const& each) { return !holds(wanted, each); });
    }
    auto made = co_await register_one(workspace, platform, origin, std::move(wanted));
    if (made.has_error()) {
        co_return made.error();
    }
    if (!covers(made->scopes, scopes)) {
        auto const missing =
            std::ranges::find_if(scopes, [&](std::string const& each) { return !holds(made->scopes, each); });
        co_return failure{errc::field_invalid, host_of(origin) + " does not know the scope " + *missing + ".",
                          "scopes/" + std::to_string(missing - scopes.begin())};
    }
    co_return co_await keep(workspace, platform, std::move(origin), std::move(*made), std::move(*known));
}

runtime::task<outcome<std::optional<instance_apps::stored_app>>>
instance_apps::find(crypto::workspace_id workspace, std::string platform, std::string origin) {
    auto found = co_await storage::credentials_table::find_default(store_, workspace, std::move(platform),
                                                                   std::move(origin));
    if (found.has_error()) {
        co_return found.error();
    }
    co_return std::move(*found);
}

// An app that was registered for another redirect URI dates from before this server moved. What was stored by
// hand is whatever its owner made it.
bool instance_apps::serves(storage::credentials const& app, platforms::descriptor const& platform,
                           std::vector<std::string> const& scopes) const {
    return !app.registered || (app.redirect_uri == redirect_uri(settings_, app.platform) &&
                               scopes_through(app, platform, scopes).has_value());
}

runtime::task<outcome<platforms::registered_app>>
instance_apps::register_one(crypto::workspace_id workspace, platforms::descriptor const& platform,
                            std::string const& origin, std::vector<std::string> scopes) {
    auto const owner = co_await storage::workspaces::get(store_, workspace);
    if (owner.has_error()) {
        co_return owner.error();
    }
    if (!*owner) {
        co_return errc::workspace_not_found;
    }
    auto const there = platforms::at_instance(platform, origin);
    auto made = co_await platforms::register_app(client_, there,
                                                 {.name = (*owner)->record.name,
                                                  .redirect_uri = redirect_uri(settings_, platform.name),
                                                  .scopes = std::move(scopes),
                                                  .website = settings_.public_url},
                                                 runtime::deadline_in(settings_.discovery_timeout));
    if (made.has_error()) {
        log_platform_failure(there, made.error());
        co_return at_instance_failure(made.error(), origin);
    }
    co_return std::move(*made);
}

// As the workspace's app for that instance, in place of one that does not serve any more. That one stays for
// the accounts that were connected with it.
runtime::task<outcome<storage::credentials>>
instance_apps::keep(crypto::workspace_id workspace, platforms::descriptor const& platform, std::string origin,
                    platforms::registered_app made, std::optional<stored_app> previous) {
    auto const now = clock_.now();
    storage::credentials row{.id = crypto::credentials_id::make(now),
                             .workspace = workspace,
                             .platform = platform.name,
                             .name = platform.title + " at " + host_of(origin),
                             .client_id = std::move(made.client_id),
                             .client_secret = {},
                             .is_default = true,
                             .created_at = now,
                             .updated_at = now,
                             .instance = std::move(origin),
                             .issuer = {},
                             .pkce = {},
                             .registered = true,
                             .redirect_uri = redirect_uri(settings_, platform.name),
                             .scopes = std::move(made.scopes)};
    auto sealed = co_await seal_app_secret(keys_, row, made.client_secret);
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    row.client_secret = std::move(*sealed);
    storage::write_batch batch;
    if (previous) {
        storage::credentials_table::create_default(batch, row, *previous);
    } else {
        storage::credentials_table::create(batch, row);
    }
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile; // credentials for this instance were stored by hand
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return row;
}

runtime::task<outcome<instance_apps::forget_outcome>> instance_apps::forget(crypto::workspace_id workspace,
                                                                            crypto::credentials_id app) {
    auto const row = co_await storage::credentials_table::get(store_, workspace, app);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row || !(*row)->record.registered) {
        co_return forget_outcome::kept;
    }
    auto const users =
        co_await storage::accounts::list_by_credentials(store_, workspace, app, std::nullopt, 1);
    if (users.has_error()) {
        co_return users.error();
    }
    storage::write_batch batch;
    if (users->items.empty()) {
        storage::credentials_table::erase(batch, **row);
    } else {
        auto unmarked = (*row)->record;
        unmarked.is_default = false;
        storage::credentials_table::replace(batch, **row, unmarked);
    }
    auto const written = co_await store_.commit(std::move(batch));
    // Who changed the row meanwhile has replaced or removed it: it is out of the way all the same.
    if (written.has_error() && written.error() != storage::errc::guard_failed) {
        co_return written.error();
    }
    runtime::log::warning("an instance does not know the app any more that was registered there",
                          {{"instance", (*row)->record.instance}});
    co_return forget_outcome::forgotten;
}

} // namespace connectd::server::services

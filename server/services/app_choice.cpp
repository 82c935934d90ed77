#include "server/services/app_choice.hpp"

#include "server/services/input.hpp"
#include "server/services/platform_choice.hpp"
#include "storage/tables/credentials.hpp"
#include "storage/tables/workspaces.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

chosen_app own(storage::credentials const& row) {
    return {.credentials = row.id, .client_id = row.client_id};
}

runtime::task<outcome<chosen_app>> choose_named(storage::kv& store, std::string platform,
                                                crypto::workspace_id workspace, std::string credentials_id) {
    auto const id =
        parse_id<crypto::credentials_id>(credentials_id, errc::credentials_not_found, "credentials_id");
    if (id.has_error()) {
        co_return id.error();
    }
    auto const named = co_await storage::credentials_table::get(store, workspace, *id);
    if (named.has_error()) {
        co_return named.error();
    }
    if (!*named) {
        co_return failure{errc::credentials_not_found, {}, "credentials_id"};
    }
    if ((*named)->record.platform != platform) {
        co_return failure{errc::field_invalid,
                          "These credentials belong to " + (*named)->record.platform + ".", "credentials_id"};
    }
    co_return own((*named)->record);
}

failure none_there(platforms::descriptor const& platform, settings const& chosen, bool offered) {
    auto const& holder = app_platform(platform);
    auto detail = "Store the client id and secret of your " + holder +
                  " app with POST /v1/credentials and register " + redirect_uri(chosen, platform.name) +
                  " as its redirect URI";
    if (offered) {
        detail += ", or allow the operator's app with \"allow_quickstart_creds\": true";
    }
    return {errc::credentials_missing, detail + "."};
}

runtime::task<outcome<void>> check_plan(storage::kv& store, settings const& chosen,
                                        crypto::workspace_id workspace) {
    auto const row = co_await storage::workspaces::get(store, workspace);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::workspace_not_found;
    }
    auto const plan = chosen.plans.find((*row)->record.plan);
    if (plan == chosen.plans.end() || !plan->second.features.contains("quickstart")) {
        co_return failure{errc::feature_not_in_plan,
                          "The plan \"" + (*row)->record.plan + "\" does not include the operator's apps."};
    }
    co_return outcome<void>{};
}

} // namespace

runtime::task<outcome<chosen_app>>
choose_app(storage::kv& store, settings const& chosen, platforms::descriptor const& platform,
           crypto::workspace_id workspace, std::optional<std::string> credentials_id, bool allow_quickstart) {
    if (platform.connect == platforms::connect_kind::app_password) {
        co_return chosen_app{};
    }
    auto const& holder = app_platform(platform);
    if (credentials_id) {
        co_return co_await choose_named(store, holder, workspace, *std::move(credentials_id));
    }
    auto const fallback = co_await storage::credentials_table::find_default(store, workspace, holder);
    if (fallback.has_error()) {
        co_return fallback.error();
    }
    if (*fallback) {
        co_return own((*fallback)->record);
    }
    auto const* offered = chosen.quickstart == nullptr ? nullptr : chosen.quickstart->find(platform.name);
    if (offered == nullptr || !allow_quickstart) {
        co_return none_there(platform, chosen, offered != nullptr);
    }
    if (auto const included = co_await check_plan(store, chosen, workspace); included.has_error()) {
        co_return included.error();
    }
    co_return chosen_app{.credentials = {}, .quickstart = true, .client_id = offered->client_id};
}

} // namespace connectd::server::services

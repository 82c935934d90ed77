#include "server/services/credentials.hpp"

#include "platforms/discovery.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/credentials_input.hpp"
#include "server/services/plans.hpp"
#include "server/services/platform_choice.hpp"
#include "storage/tables/workspaces.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

// The members that do not depend on which server it is.
outcome<void> check_app(platforms::descriptor const& platform, new_credentials const& input) {
    if (auto const good = check_client_id(input.client_id); good.has_error()) {
        return good.error();
    }
    if (auto const good = check_client_secret(platform, input.client_secret); good.has_error()) {
        return good.error();
    }
    if (input.pkce) {
        if (auto const good = check_pkce(*input.pkce); good.has_error()) {
            return good.error();
        }
    }
    return check_optional_text(input.name, "name");
}

} // namespace

runtime::task<outcome<credentials_view>> credentials::create(crypto::workspace_id workspace,
                                                             new_credentials input) {
    auto const platform = choose_platform(catalog_, settings_, input.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    if (auto const good = check_app_platform(**platform); good.has_error()) {
        co_return good.error();
    }
    if (auto const good = check_app(**platform, input); good.has_error()) {
        co_return good.error();
    }
    std::optional<stored_row> leaving;
    if (input.replaces) {
        auto found = co_await find(workspace, *input.replaces, {});
        if (found.has_error()) {
            co_return found.error();
        }
        leaving = std::move(*found);
    }
    auto const freed = leaving && !leaving->record.registered ? std::size_t{1} : std::size_t{0};
    if (auto const room = co_await check_slots(workspace, freed); room.has_error()) {
        co_return room.error();
    }
    auto const now = clock_.now();
    storage::credentials row{.id = crypto::credentials_id::make(now),
                             .workspace = workspace,
                             .platform = (*platform)->name,
                             .name = input.name.empty() ? (*platform)->title : input.name,
                             .client_id = input.client_id,
                             .client_secret = {},
                             .is_default = false,
                             .created_at = now,
                             .updated_at = now,
                             .pkce = input.pkce.value_or(std::string{})};
    if (auto const good = co_await choose_server(**platform, input, row); good.has_error()) {
        co_return good.error();
    }
    auto sealed = co_await seal_app_secret(keys_, row, input.client_secret);
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    row.client_secret = std::move(*sealed);
    storage::write_batch batch;
    if (auto const placed = co_await place(batch, row, leaving); placed.has_error()) {
        co_return placed.error();
    }
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error() && written.error() == storage::errc::guard_failed) {
        co_return errc::changed_meanwhile;
    }
    if (written.has_error()) {
        co_return written.error();
    }
    co_return view(row, *written);
}

// Into the batch, with the mark where it is free or becomes free.
runtime::task<outcome<void>> credentials::place(storage::write_batch& batch, storage::credentials& row,
                                                std::optional<stored_row> const& leaving) {
    auto const known =
        co_await storage::credentials_table::find_default(store_, row.workspace, row.platform, row.instance);
    if (known.has_error()) {
        co_return known.error();
    }
    bool const inherits = leaving && *known && (*known)->record.id == leaving->record.id;
    row.is_default = inherits || !*known;
    if (!inherits) {
        storage::credentials_table::create(batch, row);
    }
    if (leaving) {
        auto const used = co_await in_use(leaving->record);
        if (used.has_error()) {
            co_return used.error();
        }
        if (*used) {
            retire(batch, *leaving);
        } else {
            storage::credentials_table::erase(batch, *leaving);
        }
    }
    if (inherits) {
        // Not `create`: the unique row of the default is there, and changes hands in this batch.
        batch.require_absent(storage::credentials_table::where, storage::credentials_table::key(row));
        storage::credentials_table::put(batch, row);
    }
    co_return outcome<void>{};
}

// Which server the app is registered at, where the platform is more than one.
runtime::task<outcome<void>> credentials::choose_server(platforms::descriptor const& platform,
                                                        new_credentials const& input,
                                                        storage::credentials& row) {
    auto const origin = choose_instance(platform, input.instance, {});
    if (origin.has_error()) {
        co_return origin.error();
    }
    row.instance = *origin;
    bool const wanted = wants_issuer(platform);
    if (!wanted && input.issuer) {
        co_return failure{errc::field_invalid, "Apps of " + platform.title + " have no issuer of their own.",
                          "issuer"};
    }
    if (!wanted) {
        co_return outcome<void>{};
    }
    auto issuer = platforms::parse_issuer(input.issuer.value_or(std::string{}));
    if (issuer.has_error()) {
        co_return failure{
            errc::field_invalid,
            "The https URL by which the server calls itself, without query and fragment, such as "
            "https://login.example.com.",
            "issuer"};
    }
    auto const there = co_await resolver_.resolve(platform, {.instance = *issuer});
    if (there.has_error()) {
        co_return failure{errc::field_invalid, describe_server_failure(there.error(), *issuer).detail,
                          "issuer"};
    }
    if (input.client_secret.empty() && (*there)->client.secret_required) {
        co_return failure{errc::field_invalid, "Apps at " + *issuer + " have a client secret.",
                          "client_secret"};
    }
    row.issuer = std::move(*issuer);
    co_return outcome<void>{};
}

runtime::task<outcome<void>> credentials::check_slots(crypto::workspace_id workspace, std::size_t leaving) {
    auto const owner = co_await storage::workspaces::get(store_, workspace);
    if (owner.has_error()) {
        co_return owner.error();
    }
    if (!*owner) {
        co_return errc::workspace_not_found;
    }
    if (!plan_includes(settings_, (*owner)->record.plan, "own_credentials")) {
        co_return failure{errc::feature_not_in_plan, "The plan \"" + (*owner)->record.plan +
                                                         "\" does not include app credentials of your own."};
    }
    auto const plan = settings_.plans.find((*owner)->record.plan);
    auto const slots = plan == settings_.plans.end() ? std::size_t{0} : plan->second.credential_slots;
    if (!slots) {
        co_return outcome<void>{};
    }
    auto const held = co_await count_credential_slots(store_, workspace);
    if (held.has_error()) {
        co_return held.error();
    }
    if (*held >= *slots + leaving) {
        co_return failure{errc::feature_not_in_plan, "The plan \"" + (*owner)->record.plan + "\" includes " +
                                                         std::to_string(*slots) +
                                                         " app credentials, all of them in use."};
    }
    co_return outcome<void>{};
}

runtime::task<outcome<listing<credentials_view>>>
credentials::list(crypto::workspace_id workspace, std::optional<std::string> platform, page_request page) {
    storage::result<storage::listing<storage::credentials>> rows = storage::listing<storage::credentials>{};
    if (platform) {
        auto const* known = catalog_.find(*platform);
        auto name = known == nullptr ? *platform : known->name;
        rows = co_await storage::credentials_table::list_platform(store_, workspace, std::move(name),
                                                                  std::move(page.cursor), page.limit);
    } else {
        rows =
            co_await storage::credentials_table::list(store_, workspace, std::move(page.cursor), page.limit);
    }
    if (rows.has_error()) {
        co_return list_failure(rows.error());
    }
    listing<credentials_view> answer{.items = {}, .next_cursor = rows->next_cursor};
    for (auto const& row : rows->items) {
        if (!row.retired_at) {
            answer.items.push_back(view(row));
        }
    }
    co_return answer;
}

credentials_view credentials::view(storage::credentials const& row, std::uint64_t version) const {
    bool const overlaps = row.previous_until && *row.previous_until > clock_.now();
    return {.id = row.id,
            .platform = row.platform,
            .name = row.name,
            .client_id = row.client_id,
            .has_secret = !row.client_secret.empty(),
            .is_default = row.is_default,
            .instance = row.instance,
            .issuer = row.issuer,
            .pkce = row.pkce,
            .registered = row.registered,
            .redirect_uri = services::redirect_uri(settings_, row.platform),
            .previous_secret_until = overlaps ? row.previous_until : std::nullopt,
            .unhealthy_since = row.unhealthy_since,
            .created_at = row.created_at,
            .updated_at = row.updated_at,
            .version = version};
}

} // namespace connectd::server::services

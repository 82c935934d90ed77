#include "server/services/plans.hpp"

#include "storage/tables/account_counts.hpp"
#include "storage/tables/credentials.hpp"
#include "storage/tables/profiles.hpp"
#include "storage/tables/webhooks.hpp"
#include "storage/tables/workspaces.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace connectd::server::services {

runtime::task<outcome<void>> check_plan(storage::kv& store, settings const& chosen,
                                        crypto::workspace_id workspace, std::string_view feature,
                                        std::string_view what) {
    auto const row = co_await storage::workspaces::get(store, workspace);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::workspace_not_found;
    }
    if (!plan_includes(chosen, (*row)->record.plan, feature)) {
        co_return failure{errc::feature_not_in_plan, std::string{"The plan \""}
                                                         .append((*row)->record.plan)
                                                         .append("\" does not include ")
                                                         .append(what)
                                                         .append(".")};
    }
    co_return outcome<void>{};
}

bool plan_includes(settings const& chosen, std::string const& plan, std::string_view feature) {
    auto const found = chosen.plans.find(plan);
    return found != chosen.plans.end() && found->second.features.contains(std::string{feature});
}

runtime::task<outcome<std::size_t>> count_credential_slots(storage::kv& store,
                                                           crypto::workspace_id workspace) {
    std::size_t held = 0;
    std::optional<std::string> cursor;
    do {
        auto const page = co_await storage::credentials_table::list(store, workspace, std::move(cursor), 100);
        if (page.has_error()) {
            co_return page.error();
        }
        held += static_cast<std::size_t>(std::ranges::count_if(
            page->items, [](auto const& row) { return !row.registered && !row.retired_at; }));
        cursor = page->next_cursor;
    } while (cursor);
    co_return held;
}

std::vector<plan_view> plans::list() const {
    std::vector<plan_view> all;
    for (auto const& [name, plan] : settings_.plans) {
        all.push_back(view(name));
    }
    return all;
}

runtime::task<outcome<void>> plans::check(crypto::workspace_id workspace, std::string_view feature) {
    return check_plan(store_, settings_, workspace, feature, feature);
}

runtime::task<outcome<usage_view>> plans::usage(crypto::workspace_id workspace) {
    auto const row = co_await storage::workspaces::get(store_, workspace);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::workspace_not_found;
    }
    if ((*row)->record.deleted_at) {
        co_return errc::workspace_not_found;
    }
    auto const accounts = co_await storage::count_accounts(store_, workspace, {}, most_counted);
    if (accounts.has_error()) {
        co_return accounts.error();
    }
    auto const profiles = co_await storage::profiles::count(store_, workspace, most_counted);
    if (profiles.has_error()) {
        co_return profiles.error();
    }
    auto const slots = co_await count_credential_slots(store_, workspace);
    if (slots.has_error()) {
        co_return slots.error();
    }
    auto const endpoints = co_await storage::webhooks::list(store_, workspace, {}, 100);
    if (endpoints.has_error()) {
        co_return endpoints.error();
    }
    co_return usage_view{.plan = view((*row)->record.plan),
                         .accounts = *accounts,
                         .profiles = *profiles,
                         .credentials = *slots,
                         .webhooks = endpoints->items.size()};
}

plan_view plans::view(std::string const& name) const {
    plan_view shown{.name = name,
                    .features = {},
                    .credential_slots = std::size_t{0},
                    .is_default = name == settings_.default_plan};
    if (auto const found = settings_.plans.find(name); found != settings_.plans.end()) {
        shown.features.assign(found->second.features.begin(), found->second.features.end());
        shown.credential_slots = found->second.credential_slots;
    }
    return shown;
}

} // namespace connectd::server::services

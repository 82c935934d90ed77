#include "server/services/plans.hpp"

#include "storage/tables/workspaces.hpp"

#include <string>

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
    auto const plan = chosen.plans.find((*row)->record.plan);
    if (plan == chosen.plans.end() || !plan->second.features.contains(std::string{feature})) {
        co_return failure{errc::feature_not_in_plan, std::string{"The plan \""}
                                                         .append((*row)->record.plan)
                                                         .append("\" does not include ")
                                                         .append(what)
                                                         .append(".")};
    }
    co_return outcome<void>{};
}

} // namespace connectd::server::services

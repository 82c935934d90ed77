// What the plan of a workspace includes, and how much of it is used.
//
// One object per I/O thread; holds references only, see services.hpp. The free functions are for other
// services; what is passed by reference outlives the call.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "storage/kv.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::services {

// `what` names the feature for people: "The plan "free" does not include " + what + ".".
// Errors: workspace_not_found, feature_not_in_plan.
runtime::task<outcome<void>> check_plan(storage::kv& store, settings const& chosen,
                                        crypto::workspace_id workspace, std::string_view feature,
                                        std::string_view what);

bool plan_includes(settings const& chosen, std::string const& plan, std::string_view feature);

// What takes one of the credential slots: neither what this server has registered at instances nor what was
// deleted and is kept for its accounts.
runtime::task<outcome<std::size_t>> count_credential_slots(storage::kv& store,
                                                           crypto::workspace_id workspace);

struct plan_view {
    std::string name;
    std::vector<std::string> features;
    std::optional<std::size_t> credential_slots; // nothing: any number
    bool is_default = false;                     // of new workspaces
};

struct usage_view {
    plan_view plan;
    std::size_t accounts = 0; // as the next two, disconnected ones too; no more than `most_counted`
    std::size_t profiles = 0;
    std::size_t credentials = 0; // slots taken
    std::size_t webhooks = 0;
};

class plans {
  public:
    static constexpr std::size_t most_counted = 10'000;

    plans(storage::kv& store, settings const& chosen) noexcept : store_{store}, settings_{chosen} {}

    // By name.
    std::vector<plan_view> list() const;

    // Errors: workspace_not_found, feature_not_in_plan.
    runtime::task<outcome<void>> check(crypto::workspace_id workspace, std::string_view feature);

    // Of a plan that the configuration no longer has only the name is left: it includes nothing. Errors:
    // workspace_not_found.
    runtime::task<outcome<usage_view>> usage(crypto::workspace_id workspace);

  private:
    plan_view view(std::string const& name) const;

    storage::kv& store_;
    settings const& settings_;
};

} // namespace connectd::server::services

// Workspaces: the tenants. Managed by the operator with the root key.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/paging.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/workspaces.hpp"

#include <optional>
#include <string>

namespace connectd::server::services {

struct workspace_view {
    crypto::workspace_id id;
    std::string slug;
    std::string name;
    std::string plan;
    crypto::profile_id default_profile;
    runtime::sys_ms created_at;
    runtime::sys_ms updated_at;
};

struct new_workspace {
    std::string slug;
    std::string name;
    std::optional<std::string> plan;
};

class workspaces {
  public:
    workspaces(storage::kv& store, vault& keys, runtime::clock const& clock, settings const& chosen) noexcept
        : store_{store}, keys_{keys}, clock_{clock}, settings_{chosen} {}

    // Makes the workspace with its first data key and its default profile. Errors: field_invalid, slug_taken.
    runtime::task<outcome<workspace_view>> create(new_workspace input);

    // Oldest first. Errors: field_invalid (the cursor).
    runtime::task<outcome<listing<workspace_view>>> list(page_request page);

    // Errors: workspace_not_found.
    runtime::task<outcome<workspace_view>> get(std::string id);

  private:
    storage::kv& store_;
    vault& keys_;
    runtime::clock const& clock_;
    settings const& settings_;
};

} // namespace connectd::server::services

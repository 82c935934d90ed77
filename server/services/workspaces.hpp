// Workspaces: the tenants. Managed by the operator with the root key.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/error.hpp"
#include "server/services/input.hpp"
#include "server/services/paging.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/workspaces.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

struct workspace_view {
    crypto::workspace_id id;
    std::string slug;
    std::string name;
    std::string plan;
    crypto::profile_id default_profile;
    runtime::sys_ms created_at;
    runtime::sys_ms updated_at;
    storage::branding branding{};
    std::vector<std::string> return_urls{};
    std::optional<std::uint32_t> event_days{}; // nothing: kept for good
    std::uint64_t version = 0;                 // of its row; not in lists
};

struct new_workspace {
    std::string slug;
    std::string name;
    std::optional<std::string> plan;
};

// What is not set stays as it is; an empty text takes away what was there.
struct workspace_changes {
    std::optional<std::string> name{};
    std::optional<std::string> plan{};
    std::optional<std::string> brand_name{};
    std::optional<std::string> brand_logo_url{};
    std::optional<std::string> brand_color{};
    std::optional<std::vector<std::string>> return_urls{};
    std::optional<std::optional<std::uint32_t>> event_days{};
};

class workspaces {
  public:
    // A webhook endpoint that was down for its three days of retries can still catch up.
    static constexpr std::uint32_t fewest_event_days = 7;
    static constexpr std::uint32_t most_event_days = 3650;
    static constexpr std::size_t most_return_urls = 50;

    workspaces(storage::kv& store, vault& keys, runtime::clock const& clock, settings const& chosen,
               api_key_revision& revision) noexcept
        : store_{store}, keys_{keys}, clock_{clock}, settings_{chosen}, revision_{revision} {}

    // Makes the workspace with its first data key and its default profile. Errors: field_invalid, slug_taken.
    runtime::task<outcome<workspace_view>> create(new_workspace input);

    // Oldest first; the one with this slug where one is given. Errors: field_invalid (the cursor).
    runtime::task<outcome<listing<workspace_view>>> list(page_request page,
                                                         std::optional<std::string> slug = {});

    // Errors: workspace_not_found.
    runtime::task<outcome<workspace_view>> get(std::string id);

    // Errors: workspace_not_found, field_invalid, return_url_refused, feature_not_in_plan (branding),
    // precondition_failed, changed_meanwhile.
    runtime::task<outcome<workspace_view>> update(std::string id, workspace_changes wanted,
                                                  seen_version seen = {});

    // For good: its API keys are refused before the answer. In the background (workspace_remover) the grants
    // of its accounts are given back to the platforms, then its data keys are destroyed and all of its rows.
    // `slug` says that it is meant. Errors: workspace_not_found, field_invalid (`confirm`),
    // precondition_failed, changed_meanwhile.
    runtime::task<outcome<void>> remove(std::string id, std::string slug, seen_version seen = {});

  private:
    using stored_row = storage::stored<storage::workspace>;

    runtime::task<outcome<stored_row>> find(std::string id, seen_version seen);
    outcome<void> apply(workspace_changes wanted, storage::workspace& row) const;

    storage::kv& store_;
    vault& keys_;
    runtime::clock const& clock_;
    settings const& settings_;
    api_key_revision& revision_;
};

} // namespace connectd::server::services

// Profiles: what groups the accounts of a workspace, usually one of the customer's end users each.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"
#include "storage/tables/profiles.hpp"

#include <optional>
#include <string>

namespace connectd::server::services {

struct profile_view {
    crypto::profile_id id;
    std::string name;
    std::string external_id;
    std::string metadata; // JSON text
    runtime::sys_ms created_at;
    runtime::sys_ms updated_at;
};

struct new_profile {
    std::string name;
    std::string external_id;
    std::string metadata;
};

class profiles {
  public:
    profiles(storage::kv& store, runtime::clock const& clock) noexcept : store_{store}, clock_{clock} {}

    // Errors: field_invalid, external_id_taken.
    runtime::task<outcome<profile_view>> create(crypto::workspace_id workspace, new_profile input);

    // Oldest first; the one with this external id where one is given. Errors: field_invalid (the cursor).
    runtime::task<outcome<listing<profile_view>>>
    list(crypto::workspace_id workspace, std::optional<std::string> external_id, page_request page);

    // Errors: profile_not_found.
    runtime::task<outcome<profile_view>> get(crypto::workspace_id workspace, std::string id);

  private:
    storage::kv& store_;
    runtime::clock const& clock_;
};

} // namespace connectd::server::services

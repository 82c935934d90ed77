// Profiles: what groups the accounts of a workspace, usually one of the customer's end users each.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/input.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"
#include "storage/tables/profiles.hpp"

#include <cstddef>
#include <cstdint>
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
    std::size_t accounts = 0; // disconnected ones too; no more than profiles::most_counted
    bool is_default = false;
    std::uint64_t version = 0; // of its row; not in lists
};

// What is not set stays as it is.
struct profile_changes {
    std::optional<std::string> name{};
    std::optional<std::string> external_id{}; // empty: none
    std::optional<std::string> metadata{};    // JSON text, in place of what was there
};

struct new_profile {
    std::string name;
    std::string external_id;
    std::string metadata;
};

class profiles {
  public:
    static constexpr std::size_t most_counted = 1'000;

    profiles(storage::kv& store, runtime::clock const& clock) noexcept : store_{store}, clock_{clock} {}

    // Errors: field_invalid, external_id_taken.
    runtime::task<outcome<profile_view>> create(crypto::workspace_id workspace, new_profile input);

    // Oldest first; the one with this external id where one is given. Errors: field_invalid (the cursor).
    runtime::task<outcome<listing<profile_view>>>
    list(crypto::workspace_id workspace, std::optional<std::string> external_id, page_request page);

    // Errors: profile_not_found.
    runtime::task<outcome<profile_view>> get(crypto::workspace_id workspace, std::string id);

    // Errors: profile_not_found, field_invalid, external_id_taken, precondition_failed, changed_meanwhile.
    runtime::task<outcome<profile_view>> update(crypto::workspace_id workspace, std::string id,
                                                profile_changes wanted, seen_version seen = {});

    // One that has accounts stays, unless they may be moved to the workspace's default profile. Where that
    // has one of the same identity already nothing more is moved, and the profile stays with the rest.
    // Errors: profile_not_found, profile_is_default, profile_in_use, precondition_failed, changed_meanwhile.
    enum class accounts_of_removed { keep_profile, move_to_default };
    runtime::task<outcome<void>> remove(crypto::workspace_id workspace, std::string id,
                                        accounts_of_removed what, seen_version seen = {});

  private:
    using stored_row = storage::stored<storage::profile>;

    runtime::task<outcome<stored_row>> find(crypto::workspace_id workspace, std::string id,
                                            seen_version seen);
    runtime::task<outcome<profile_view>> view(storage::profile row, std::uint64_t version,
                                              crypto::profile_id default_profile);
    runtime::task<outcome<crypto::profile_id>> default_of(crypto::workspace_id workspace);
    runtime::task<outcome<void>> move_accounts(storage::profile const& from, crypto::profile_id to);

    storage::kv& store_;
    runtime::clock const& clock_;
};

} // namespace connectd::server::services

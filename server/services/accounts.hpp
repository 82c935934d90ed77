// Connected accounts: reading, listing, changing what is the customer's of them.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "platforms/catalog.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/input.hpp"
#include "server/services/paging.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/write_batch.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

struct account_view {
    crypto::account_id id;
    crypto::profile_id profile;
    crypto::credentials_id credentials; // nil where the platform has none, and for the operator's app
    bool quickstart = false;            // with the operator's app
    std::string instance;               // the origin or issuer of the server, where the platform is many
    std::string platform;
    std::string platform_user_id;
    std::string kind;        // person, page, organization: the platform's word
    std::string grant_owner; // the platform's id of the person who consented; empty where nobody noted it
    std::string username;
    std::string display_name;
    std::string avatar_url;
    std::string status; // active, token_expired, revoked, suspended, disconnected
    std::string status_cause;
    std::vector<std::string> scopes;
    std::string metadata; // JSON text
    runtime::sys_ms created_at;
    runtime::sys_ms updated_at;
    runtime::sys_ms connected_at;
    std::optional<runtime::sys_ms> access_expires_at;
    std::optional<runtime::sys_ms> refresh_expires_at;
    std::optional<runtime::sys_ms> next_refresh_at;
    std::optional<runtime::sys_ms> last_used_at;
};

account_view view(storage::account const& row);
std::string_view to_string(storage::account_status status) noexcept;

// The version of an account as far as people change it: its profile, its metadata and the consent behind it.
// What the server does by itself, refreshes and their times above all, leaves it as it is: whoever changes
// the metadata of what they have read is not to fail because a token was renewed meanwhile.
std::uint64_t version_of(account_view const& shown);

struct account_filter {
    std::optional<std::string> platform; // name or alias
    std::optional<std::string> status;   // without one, all but those that are disconnected; "all": those too
    std::optional<std::string> profile_id;
    std::optional<std::string> instance; // as shown, or the name of the server
    std::string text{};                  // a part of the username or the display name
};

// What is not set stays as it is.
struct account_changes {
    std::optional<std::string> metadata; // JSON text, in place of the whole
    std::optional<std::string> profile_id;
};

// `store` outlives the call. Errors: account_not_found.
runtime::task<outcome<storage::stored<storage::account>>>
find_account(storage::kv& store, crypto::workspace_id workspace, std::string id);

class accounts {
  public:
    accounts(storage::kv& store, platforms::catalog const& catalog, runtime::clock const& clock) noexcept
        : store_{store}, catalog_{catalog}, clock_{clock} {}

    // Errors: field_invalid (a filter or the cursor).
    runtime::task<outcome<listing<account_view>>> list(crypto::workspace_id workspace, account_filter filter,
                                                       page_request page);

    // How many the whole list has; nothing when there are too many to look at, 10,000 with those that the
    // filter leaves out. Errors: field_invalid.
    runtime::task<outcome<std::optional<std::size_t>>> count(crypto::workspace_id workspace,
                                                             account_filter filter);

    // Errors: account_not_found.
    runtime::task<outcome<account_view>> get(crypto::workspace_id workspace, std::string id);

    // One event account.updated, where anything changes. Errors: account_not_found, field_invalid,
    // profile_not_found, identity_taken, precondition_failed, changed_meanwhile.
    runtime::task<outcome<account_view>> update(crypto::workspace_id workspace, std::string id,
                                                account_changes wanted, seen_version seen = {});

  private:
    runtime::task<outcome<void>> move(storage::write_batch& batch, storage::account& row,
                                      std::string profile_id);

    storage::kv& store_;
    platforms::catalog const& catalog_;
    runtime::clock const& clock_;
};

} // namespace connectd::server::services

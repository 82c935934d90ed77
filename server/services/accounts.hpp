// Connected accounts: reading, listing, disconnecting.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "platforms/catalog.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/error.hpp"
#include "server/services/grants.hpp"
#include "server/services/paging.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/outbox.hpp"

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

struct account_filter {
    std::optional<std::string> platform; // name or alias
    std::optional<std::string> status;
    std::optional<std::string> profile_id;
    std::optional<std::string> instance; // as shown, or the name of the server
};

// Whether a disconnect revokes at a platform where that ends other accounts of the same person as well.
enum class revoke_wish { if_last, always };

struct disconnected_account {
    account_view account;
    revocation_outcome revocation;
};

class accounts {
  public:
    accounts(storage::kv& store, vault& keys, platforms::catalog const& catalog,
             platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
             refresh::desk& refreshes, runtime::task_group& tasks, platform_resolver& resolver) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          clock_{clock},
          refreshes_{refreshes},
          tasks_{tasks},
          grants_{store, keys, catalog, client, clock, chosen, resolver} {}

    // Errors: field_invalid (a filter or the cursor).
    runtime::task<outcome<listing<account_view>>> list(crypto::workspace_id workspace, account_filter filter,
                                                       page_request page);

    // Errors: account_not_found.
    runtime::task<outcome<account_view>> get(crypto::workspace_id workspace, std::string id);

    // Revokes the tokens at the platform where it can and may, then wipes them and drops the row; events
    // stay. A platform that does not answer within the time allowed does not hold up the wipe: the revocation
    // is stored sealed and retried. A task of the service, since a revocation may spend tokens on its way.
    // Errors: account_not_found, changed_meanwhile.
    runtime::task<outcome<disconnected_account>> disconnect(crypto::workspace_id workspace, std::string id,
                                                            revoke_wish wish = revoke_wish::if_last);

  private:
    runtime::task<outcome<storage::stored<storage::account>>> find(crypto::workspace_id workspace,
                                                                   std::string id);
    runtime::task<outcome<disconnected_account>> part(storage::stored<storage::account> row,
                                                      revoke_wish wish);
    runtime::task<storage::stored<storage::account>> renewed(storage::stored<storage::account> row);
    runtime::task<outcome<std::optional<revocable_grant>>> open_grant(storage::account const& row,
                                                                      revoke_wish wish);
    runtime::task<outcome<void>> wipe(storage::stored<storage::account> row,
                                      std::optional<storage::revocation> owed);
    runtime::task<outcome<revocation_outcome>> revoke_after_all(revocable_grant grant);

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    runtime::clock const& clock_;
    refresh::desk& refreshes_;
    runtime::task_group& tasks_;
    grants grants_;
};

} // namespace connectd::server::services

// Ending an account's connection: giving the grant back to the platform, wiping the tokens, and keeping or
// dropping the row.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "platforms/catalog.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/accounts.hpp"
#include "server/services/error.hpp"
#include "server/services/grants.hpp"
#include "server/services/input.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/outbox.hpp"

#include <optional>
#include <string>

namespace connectd::server::services {

// What becomes of the row. One that is kept has the status `disconnected`, and whoever connects the same
// identity again gets the same account back.
enum class row_wish { keep, drop };

// Whether a disconnect revokes at a platform where that ends other accounts of the same person as well.
enum class revoke_wish { if_last, always };

struct disconnect_wish {
    row_wish row = row_wish::keep;
    revoke_wish revoke = revoke_wish::if_last;
};

struct disconnected_account {
    account_view account;
    revocation_outcome revocation;
};

class disconnects {
  public:
    disconnects(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
                refresh::desk& refreshes, runtime::task_group& tasks, platform_resolver& resolver) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          clock_{clock},
          refreshes_{refreshes},
          tasks_{tasks},
          grants_{store, keys, catalog, client, clock, chosen, resolver} {}

    // Revokes the tokens at the platform where it can and may, then wipes them; events stay, whatever becomes
    // of the row. A platform that does not answer within the time allowed does not hold up the wipe: the
    // revocation is stored sealed and retried. An account that is disconnected already has nothing more to
    // lose than its row, and no second event. A task of the service, since a revocation may spend tokens on
    // its way. What the caller has seen is looked at before it begins. Errors: account_not_found,
    // precondition_failed, changed_meanwhile.
    runtime::task<outcome<disconnected_account>> disconnect(crypto::workspace_id workspace, std::string id,
                                                            disconnect_wish wish = {},
                                                            seen_version seen = {});

  private:
    runtime::task<outcome<disconnected_account>> part(storage::stored<storage::account> row,
                                                      disconnect_wish wish);
    runtime::task<storage::stored<storage::account>> renewed(storage::stored<storage::account> row);
    runtime::task<outcome<std::optional<revocable_grant>>> open_grant(storage::account const& row,
                                                                      revoke_wish wish);
    runtime::task<outcome<storage::account>> wipe(storage::stored<storage::account> row,
                                                  std::optional<storage::revocation> owed, row_wish wish);
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

// Choosing among the accounts that one grant reaches: Facebook's pages, LinkedIn's organisations.
//
// A session that waits for a choice holds the grant and its candidates, sealed. The choice comes from the
// customer's program or from the end user on our page; the first one ends the session, in the batch that
// stores the accounts. What was not chosen is not connected. Storing is a task of the service, so a caller
// who goes away loses nothing.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "platforms/catalog.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/connect.hpp"
#include "server/services/connect_claims.hpp"
#include "server/services/error.hpp"
#include "server/services/session_steps.hpp"
#include "server/services/sessions.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"

#include <string>
#include <vector>

namespace connectd::server::services {

class choices {
  public:
    choices(storage::kv& store, vault& keys, platforms::catalog const& catalog, runtime::clock const& clock,
            settings const& chosen, sessions& attempts, connect_claims& claims, refresh::desk& refreshes,
            runtime::task_group& tasks) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          clock_{clock},
          settings_{chosen},
          sessions_{attempts},
          claims_{claims},
          tasks_{tasks},
          commit_{store, keys, clock, refreshes} {}

    struct result {
        session_view session; // as it ended
        std::vector<account_view> accounts;
    };

    // By the customer's program. A choice that is refused as field_invalid leaves the session waiting.
    // Errors: session_not_found, session_not_choosing, session_used, session_expired, field_invalid,
    // platform_not_available, sealed_value_damaged, changed_meanwhile.
    runtime::task<outcome<result>> choose(crypto::workspace_id workspace, std::string id,
                                          std::vector<std::string> candidate_ids);

    // By the browser that gave the consent. Errors: as above, and state_foreign.
    runtime::task<outcome<callback_answer>> submit(std::string id, crypto::secret browser,
                                                   std::vector<std::string> candidate_ids);

    // The same browser wants none of them. Errors: as above, without field_invalid.
    runtime::task<outcome<callback_answer>> cancel(std::string id, crypto::secret browser);

  private:
    runtime::task<outcome<std::vector<account_view>>> complete(storage::session row,
                                                               platforms::descriptor const& platform,
                                                               std::vector<std::string> candidate_ids);
    runtime::task<outcome<std::vector<account_view>>> store(held_session held, new_connection made);

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    runtime::clock const& clock_;
    settings const& settings_;
    sessions& sessions_;
    connect_claims& claims_;
    runtime::task_group& tasks_;
    account_commit commit_;
};

} // namespace connectd::server::services

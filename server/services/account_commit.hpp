// Stores connected accounts: each account, its sealed tokens, its due time and its event, and the end of the
// connect session, all in one batch. Whoever has got tokens from a platform, by a browser or by an app
// password, comes here.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/identity.hpp"
#include "platforms/token_set.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/accounts.hpp"
#include "server/services/error.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/sessions.hpp"
#include "storage/tables/tokens.hpp"
#include "storage/write_batch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

// One of the accounts that a grant is for.
struct new_account {
    platforms::identity who;
    platforms::token_set tokens;
    std::string kind = "person";
    // Nobody knows how old the tokens are: their first refresh comes as soon as the platform allows.
    bool age_unknown = false;
};

// What the platform has granted, and where it belongs.
struct new_connection {
    crypto::workspace_id workspace;
    crypto::profile_id profile;
    crypto::credentials_id credentials; // nil where the platform has none, and for the operator's app
    bool quickstart = false;            // with the operator's app
    std::string instance{};             // the origin or issuer of the server, where the platform is many
    platforms::descriptor const* platform = nullptr;
    std::vector<new_account> accounts;
    std::string grant_owner;               // the platform's id of the person who consented
    std::vector<std::string> asked_scopes; // taken when the platform does not say what it granted
    std::string metadata;
    std::optional<crypto::account_id> reconnect; // the one account is this one
    // The session that ends with these accounts; another writer may have touched it since it was read, but
    // not moved it to another status.
    std::optional<storage::stored<storage::session>> session;
};

// A reconnect that came back with somebody else. `offered` names who it was, for people.
failure identity_mismatch(storage::account const& wanted, std::string const& offered);

failure reconnect_target_gone();

// "ada (17)"; for people.
std::string name_of(platforms::identity const& who);

class account_commit {
  public:
    account_commit(storage::kv& store, vault& keys, runtime::clock const& clock,
                   refresh::desk& refreshes) noexcept
        : store_{store}, keys_{keys}, clock_{clock}, refreshes_{refreshes} {}

    // The same identity in the same profile updates the account it has; otherwise a new one is made. An
    // answer without a refresh token keeps the stored one. A profile that was deleted meanwhile leaves its
    // accounts to the default one, these as well. The views are in the order of the accounts.
    // Requires: at least one account, no identity twice, and exactly one for a reconnect. Errors:
    // identity_mismatch, account_not_found (the one to reconnect is gone), workspace_not_found, session_used,
    // changed_meanwhile.
    runtime::task<outcome<std::vector<account_view>>> store(new_connection made);

  private:
    struct known_account {
        std::optional<storage::stored<storage::account>> account;
        std::optional<storage::stored<storage::token>> token;
    };
    struct change {
        storage::account account;
        storage::token token;
    };

    runtime::task<outcome<void>> choose_profile(storage::write_batch& batch, new_connection& made);
    runtime::task<outcome<storage::account>> add(storage::write_batch& batch, new_connection const& made,
                                                 new_account& account);
    runtime::task<outcome<known_account>> find(new_connection const& made, platforms::identity const& who);
    runtime::task<outcome<change>> prepare(new_connection const& made, new_account& account,
                                           known_account const& known);
    runtime::task<outcome<void>> keep_refresh_token(platforms::token_set& tokens, known_account const& known);
    runtime::task<outcome<void>> seal(change& prepared, platforms::token_set const& tokens);

    storage::kv& store_;
    vault& keys_;
    runtime::clock const& clock_;
    refresh::desk& refreshes_;
};

} // namespace connectd::server::services

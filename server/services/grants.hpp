// Giving a grant back to its platform: revoking the tokens, unless that would end other accounts as well.
//
// One object per I/O thread, and one on the background thread for what has to be repeated; holds references
// only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "platforms/catalog.hpp"
#include "platforms/connector.hpp"
#include "platforms/token_set.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/outbox.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::services {

// Whether there is a way to give an account's tokens back.
bool can_revoke(platforms::descriptor const& platform) noexcept;

// How it went at the platform.
enum class revocation_outcome {
    revoked,      // the platform has confirmed
    pending,      // it could not be told now; retried in the background
    not_possible, // the platform has no way to revoke, or refused: the grant was dead already
    kept,         // the grant is behind other accounts too, which the platform would end with it
};

// What is to be revoked, and for whom. The tokens may change on the way: a platform that takes only a living
// access token gets one.
struct revocable_grant {
    crypto::workspace_id workspace;
    crypto::account_id account;
    std::string platform;
    crypto::credentials_id credentials;
    bool quickstart = false;
    std::string instance;
    std::string owner; // the platform's id of the person who consented, empty where unknown
    std::optional<runtime::sys_ms> access_expires_at;
    platforms::token_set tokens;
    bool always = false; // also when other accounts of the workspace end with it

    revocable_grant(storage::account const& row, platforms::token_set opened, bool whatever_ends);
    revocable_grant(storage::revocation const& row, platforms::token_set opened);
};

class grants {
  public:
    grants(storage::kv& store, vault& keys, platforms::catalog const& catalog,
           platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
           platform_resolver& resolver) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          connector_{client},
          clock_{clock},
          settings_{chosen},
          resolver_{resolver} {}

    // Where a revocation ends all that one person has granted, it is made for the last account only, or when
    // `always` says so; the accounts of another workspace are never ended by it. `grant` must outlive the
    // call. Errors: those of the store, before anything was sent.
    runtime::task<outcome<revocation_outcome>> revoke(revocable_grant& grant);

    // The row that has a revocation repeated after `pause`, sealed.
    runtime::task<outcome<storage::revocation>> owe(revocable_grant const& grant, std::uint32_t attempts,
                                                    std::chrono::milliseconds pause);

  private:
    // Whether other accounts hang on the grant that must not end with this one.
    enum class standing { alone, shared };
    runtime::task<outcome<standing>> look_for_siblings(revocable_grant const& grant,
                                                       platforms::descriptor const& platform);
    runtime::task<revocation_outcome> call(revocable_grant& grant, platforms::descriptor const& known);
    bool share_app(platforms::descriptor const& platform, std::string_view other) const;

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    platforms::connector connector_;
    runtime::clock const& clock_;
    settings const& settings_;
    platform_resolver& resolver_;
};

} // namespace connectd::server::services

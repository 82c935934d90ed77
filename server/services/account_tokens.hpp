// What a caller may ask about an account's token: to refresh it now, whether it really works, and the token
// itself for a call to the platform.
//
// One object per I/O thread; holds references only, see services.hpp. Refreshing happens on the background
// thread, wherever it is asked for.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/connector.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/accounts.hpp"
#include "server/services/error.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/refresh/settlement.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"

#include <optional>
#include <string>

namespace connectd::server::services {

// What the platform said when it was asked.
struct health_view {
    crypto::account_id account;
    std::string status; // of the account, as it is now
    runtime::sys_ms checked_at;
    std::string verdict; // ok, refused, operator_fault, temporary
    std::string detail;  // a sentence for people
};

// An account as it was read, with its token opened.
struct held_token {
    refresh::stored_rows rows;
    shared_platform platform = {}; // as it is for this account
    platforms::token_set tokens = {};
};

class account_tokens {
  public:
    account_tokens(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                   platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
                   refresh::desk& refreshes, platform_resolver& resolver) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          connector_{client},
          clock_{clock},
          settings_{chosen},
          refreshes_{refreshes},
          resolver_{resolver} {}

    // Refreshes, whether it is due or not, or joins a refresh that is under way. A caller who goes away ends
    // nothing. Errors: account_not_found, reconnect_needed, not_refreshable, credentials_missing,
    // app_refused, platform_unavailable, platform_timeout, platform_answer_invalid, sealed_value_damaged.
    runtime::task<outcome<account_view>> refresh_now(crypto::workspace_id workspace, std::string id);

    // Asks the platform who the token belongs to: a real call each time, which X bills like any other read. A
    // token that is refused is refreshed once, where that is possible, and asked with again. Changes nothing
    // but for that, and for an account whose token turns out to be dead. Errors: account_not_found,
    // platform_unknown, sealed_value_damaged; platform_unavailable and platform_timeout of an issuer that
    // does not say where to ask.
    runtime::task<outcome<health_view>> check(crypto::workspace_id workspace, std::string id);

    // The account's token, for a call to its platform; it may have ended. Errors: account_not_found,
    // reconnect_needed (it is disconnected), platform_unknown, sealed_value_damaged.
    runtime::task<outcome<held_token>> open(crypto::workspace_id workspace, crypto::account_id id);

    // A newer token than this one, whose time is over or which the platform has just refused; one refresh for
    // all who ask. Where nothing renews it, that is the account's end. Errors: as refresh_now and open.
    runtime::task<outcome<held_token>> renew(held_token old);

  private:
    using answer = platforms::outcome<platforms::identity>;

    runtime::task<answer> ask(held_token const& with);
    runtime::task<outcome<health_view>> after_refusal(held_token with);
    runtime::task<outcome<health_view>> bury(held_token with);
    runtime::task<outcome<std::optional<storage::account>>> write_end(held_token with);
    health_view describe(held_token const& with, answer const& said) const;
    health_view view(storage::account const& row, std::string verdict, std::string detail) const;

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    platforms::connector connector_;
    runtime::clock const& clock_;
    settings const& settings_;
    refresh::desk& refreshes_;
    platform_resolver& resolver_;
};

} // namespace connectd::server::services

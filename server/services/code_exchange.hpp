// Accounts whose consent was led by somebody else: a code that the platform gave to the customer's own page
// is exchanged for tokens.
//
// The platform takes a code once, so from there on the work is a task of the service and a caller who goes
// away loses nothing. One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "platforms/catalog.hpp"
#include "platforms/connector.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/error.hpp"
#include "server/services/instance_apps.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"

#include <optional>
#include <string>

namespace connectd::server::services {

// As the caller sent it.
struct foreign_code {
    std::string platform;
    crypto::secret code;
    std::string redirect_uri;              // that of the consent, which the platform compares
    std::optional<std::string> profile_id; // nothing: the default one
};

class code_exchange {
  public:
    code_exchange(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                  platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
                  refresh::desk& refreshes, runtime::task_group& tasks, platform_resolver& resolver,
                  instance_apps& instances) noexcept
        : store_{store},
          keys_{keys},
          catalog_{catalog},
          connector_{client},
          clock_{clock},
          settings_{chosen},
          tasks_{tasks},
          resolver_{resolver},
          instances_{instances},
          commit_{store, keys, clock, refreshes} {}

    // With the workspace's default app. Where the consent reaches several accounts, that of the person who
    // gave it. Errors: platform_unknown, platform_not_available, field_invalid (a platform with PKCE, whose
    // verifier only a session has; an app password's; several accounts and none of the person),
    // profile_not_found, credentials_missing, code_refused, app_refused, platform_unavailable,
    // platform_timeout, platform_answer_invalid, platform_account_missing, changed_meanwhile.
    runtime::task<outcome<account_view>> exchange(crypto::workspace_id workspace, foreign_code given);

  private:
    struct errand {
        foreign_code given;
        opened_app app;
        shared_platform platform;
        new_connection made; // but for its accounts
    };

    runtime::task<outcome<account_view>> spend(errand owned);

    storage::kv& store_;
    vault& keys_;
    platforms::catalog const& catalog_;
    platforms::connector connector_;
    runtime::clock const& clock_;
    settings const& settings_;
    runtime::task_group& tasks_;
    platform_resolver& resolver_;
    instance_apps& instances_;
    account_commit commit_;
};

} // namespace connectd::server::services

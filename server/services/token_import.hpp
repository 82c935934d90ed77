// Accounts whose tokens come from elsewhere: from the program that kept them before connectd.
//
// What is imported is an ordinary account afterwards, refreshed by its platform's rules. Nothing is spent
// here: the platform is asked whose the access token is, and an access token that has ended is refused
// rather than renewed, since a refresh token that is spent before it is stored can be lost.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "platforms/catalog.hpp"
#include "platforms/connector.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/app_choice.hpp"
#include "server/services/error.hpp"
#include "server/services/instance_apps.hpp"
#include "server/services/platform_resolver.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

// As the caller sent it; ids are checked here.
struct imported_tokens {
    std::string platform;
    crypto::secret access_token;
    std::optional<crypto::secret> refresh_token{};
    std::optional<runtime::sys_ms> access_expires_at{}; // nothing: nobody knows, so it is refreshed soon
    std::optional<runtime::sys_ms> refresh_expires_at{};
    std::vector<std::string> scopes{};           // as they were granted; none: not known
    std::optional<std::string> profile_id{};     // nothing: the default one
    std::optional<std::string> credentials_id{}; // the app they were granted to; nothing: the default one
    std::optional<std::string> instance{};       // the server, where the platform is many
    std::string platform_user_id{};              // whose they are; must be so where the platform is asked
    std::string username{};                      // taken where the platform is not asked, as the next
    std::string display_name{};
    std::string metadata{}; // JSON text, of a new account
    bool verify = true;     // ask the platform
};

class token_import {
  public:
    token_import(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                 platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
                 refresh::desk& refreshes, platform_resolver& resolver, instance_apps& instances) noexcept
        : store_{store},
          catalog_{catalog},
          client_{client},
          connector_{client},
          settings_{chosen},
          resolver_{resolver},
          instances_{instances},
          commit_{store, keys, clock, refreshes} {}

    // The same identity in the same profile updates the account it has, and keeps its refresh token where
    // none is brought. Errors: platform_unknown, platform_not_available, field_invalid, profile_not_found,
    // credentials_not_found, credentials_missing, handle_unresolved (nobody knows the DID), token_refused
    // (the platform does not take the access token), login_refused, app_refused, platform_unavailable,
    // platform_timeout, platform_answer_invalid, workspace_not_found, changed_meanwhile.
    runtime::task<outcome<account_view>> import(crypto::workspace_id workspace, imported_tokens given);

  private:
    runtime::task<outcome<chosen_app>> choose(crypto::workspace_id workspace, imported_tokens const& given,
                                              platforms::descriptor const& platform);
    runtime::task<outcome<platforms::token_set>> complete(platforms::descriptor const& platform,
                                                          platforms::token_set tokens, std::string owner);
    runtime::task<outcome<platforms::identity>> ask(platforms::descriptor const& platform,
                                                    platforms::token_set const& tokens, std::string claimed);

    storage::kv& store_;
    platforms::catalog const& catalog_;
    platforms::http::client& client_;
    platforms::connector connector_;
    settings const& settings_;
    platform_resolver& resolver_;
    instance_apps& instances_;
    account_commit commit_;
};

} // namespace connectd::server::services

// Connecting with an app password: no browser leaves for anywhere, the end user's own words are enough.
//
// The platform issues tokens the moment it accepts the password, so from there on the work is a task of the
// service and a caller who goes away loses nothing. One object per I/O thread; holds references only, see
// services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "crypto/secret.hpp"
#include "platforms/catalog.hpp"
#include "platforms/http/client.hpp"
#include "platforms/quirks/bluesky_identifier.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/connect.hpp"
#include "server/services/error.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/sessions.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

struct app_password_login {
    std::string identifier;
    crypto::secret app_password;
    std::optional<std::string> profile_id;
    std::optional<std::string> account_id; // reconnect this one
};

class logins {
  public:
    logins(storage::kv& store, vault& keys, platforms::catalog const& catalog,
           platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
           sessions& attempts, connect_claims& claims, refresh::desk& refreshes,
           runtime::task_group& tasks) noexcept
        : store_{store},
          catalog_{catalog},
          client_{client},
          clock_{clock},
          settings_{chosen},
          sessions_{attempts},
          claims_{claims},
          tasks_{tasks},
          commit_{store, keys, clock, refreshes} {}

    // Errors: platform_unknown, platform_needs_browser, field_invalid, app_password_shape, profile_not_found,
    // account_not_found, handle_unresolved, login_refused, identity_mismatch, platform_unavailable,
    // platform_timeout, platform_answer_invalid.
    runtime::task<outcome<account_view>> sign_in(crypto::workspace_id workspace, std::string platform,
                                                 app_password_login login);

    // The hosted page's form: completes the session `id` for the browser that opened it. A refused login
    // leaves the session open for another try. Errors: session_not_found, session_used, session_expired,
    // state_foreign, and those of sign_in.
    runtime::task<outcome<callback_answer>> submit(std::string id, crypto::secret browser,
                                                   app_password_login login);

  private:
    // What was typed, once its shape is right.
    struct typed_login {
        platforms::bluesky::identifier who;
        crypto::secret app_password;
    };
    static outcome<typed_login> check(app_password_login const& login);
    outcome<platforms::descriptor const*> choose(std::string_view name) const;
    runtime::task<outcome<std::vector<account_view>>> log_in(platforms::descriptor const* platform,
                                                             typed_login typed, new_connection target);

    storage::kv& store_;
    platforms::catalog const& catalog_;
    platforms::http::client& client_;
    runtime::clock const& clock_;
    settings const& settings_;
    sessions& sessions_;
    connect_claims& claims_;
    runtime::task_group& tasks_;
    account_commit commit_;
};

} // namespace connectd::server::services

// The apps that this server has at the instances of a platform that is many servers: registered where they
// are first needed, once for each workspace and instance, and kept like credentials of the workspace.
//
// The app bears the workspace's name: its end users see whom they allow, and not whose server is behind it.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "crypto/id.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/http/client.hpp"
#include "platforms/registration.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/keyed_turns.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "server/services/vault.hpp"
#include "storage/kv.hpp"
#include "storage/tables/credentials.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

// What a session asks for that wants `scopes` (empty: the usual ones) through this app: an older instance
// knows other scopes than a newer one. Nothing when the app does not cover it.
std::optional<std::vector<std::string>> scopes_through(storage::credentials const& app,
                                                       platforms::descriptor const& platform,
                                                       std::vector<std::string> const& scopes);

class instance_apps {
  public:
    // `turns` is shared by all threads.
    instance_apps(storage::kv& store, vault& keys, platforms::http::client& client,
                  runtime::clock const& clock, settings const& chosen, runtime::keyed_turns& turns) noexcept
        : store_{store}, keys_{keys}, client_{client}, clock_{clock}, settings_{chosen}, turns_{turns} {}

    // The workspace's app at `origin`: the one that was stored by hand, the one registered before, or one
    // that is registered now. It covers `scopes` (empty: the platform's usual ones), so a session that asks
    // for more than the one before may get another app. Two that need the same app at the same time register
    // once. Errors: field_invalid (`instance`, or `scopes` that the instance does not know),
    // platform_unavailable, platform_timeout, changed_meanwhile.
    runtime::task<outcome<storage::credentials>> app_at(crypto::workspace_id workspace,
                                                        platforms::descriptor const& platform,
                                                        std::string origin, std::vector<std::string> scopes);

    // The instance does not know the app any more: the next session registers anew. The row goes with it,
    // unless accounts were connected with it. Credentials that were stored by hand are `kept` as they are.
    enum class forget_outcome { forgotten, kept };
    runtime::task<outcome<forget_outcome>> forget(crypto::workspace_id workspace, crypto::credentials_id app);

  private:
    using stored_app = storage::stored<storage::credentials>;

    runtime::task<outcome<std::optional<stored_app>>> find(crypto::workspace_id workspace,
                                                           std::string platform, std::string origin);
    bool serves(storage::credentials const& app, platforms::descriptor const& platform,
                std::vector<std::string> const& scopes) const;
    runtime::task<outcome<platforms::registered_app>> register_one(crypto::workspace_id workspace,
                                                                   platforms::descriptor const& platform,
                                                                   std::string const& origin,
                                                                   std::vector<std::string> scopes);
    runtime::task<outcome<storage::credentials>> keep(crypto::workspace_id workspace,
                                                      platforms::descriptor const& platform,
                                                      std::string origin, platforms::registered_app made,
                                                      std::optional<stored_app> previous);

    storage::kv& store_;
    vault& keys_;
    platforms::http::client& client_;
    runtime::clock const& clock_;
    settings const& settings_;
    runtime::keyed_turns& turns_;
};

} // namespace connectd::server::services

// Which app a new connect session is with: the one it names, that of the account to reconnect, the
// workspace's default one for the platform, or the operator's where the session allows that. At an instance:
// the one it names, or the one that is registered there.
#pragma once

#include "crypto/id.hpp"
#include "platforms/descriptor.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/instance_apps.hpp"
#include "server/services/settings.hpp"
#include "storage/kv.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services {

struct chosen_app {
    crypto::credentials_id credentials; // nil for a platform without apps, and for the operator's app
    bool quickstart = false;
    std::string client_id;  // empty for a platform without apps
    std::string instance{}; // where the app is, origin or issuer; empty where the platform is one server
    std::string pkce{};     // in the platforms' words; empty: as the platform says
    // What to ask for through an app that this server has registered at an instance, which may know other
    // scopes than the platform's usual ones.
    std::optional<std::vector<std::string>> scopes{};
};

struct app_wish {
    std::optional<std::string> credentials_id;
    bool allow_quickstart = false;
    crypto::credentials_id account_credentials{}; // of the account to reconnect, as the next
    bool account_quickstart = false;
    std::string instance{};            // the origin, where the platform is many servers
    std::vector<std::string> scopes{}; // as the session names them; empty: the usual ones
};

// A platform whose apps are those of another one takes that one's. `platform` and `chosen` outlive the call.
// Errors: credentials_not_found, field_invalid (credentials of another platform or instance),
// credentials_missing, feature_not_in_plan (the operator's app, and the plan does not include it), and those
// of instance_apps.
runtime::task<outcome<chosen_app>> choose_app(storage::kv& store, settings const& chosen,
                                              instance_apps& registered,
                                              platforms::descriptor const& platform,
                                              crypto::workspace_id workspace, app_wish wish);

} // namespace connectd::server::services

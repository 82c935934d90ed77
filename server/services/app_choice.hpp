// Which app a new connect session is with: the one it names, the workspace's default one for the platform, or
// the operator's where the session allows that.
#pragma once

#include "crypto/id.hpp"
#include "platforms/descriptor.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "storage/kv.hpp"

#include <optional>
#include <string>

namespace connectd::server::services {

struct chosen_app {
    crypto::credentials_id credentials; // nil for a platform without apps, and for the operator's app
    bool quickstart = false;
    std::string client_id; // empty for a platform without apps
};

// A platform whose apps are those of another one takes that one's. `platform` and `chosen` outlive the call.
// Errors: credentials_not_found, field_invalid (credentials of another platform), credentials_missing,
// feature_not_in_plan (the operator's app, and the plan does not include it).
runtime::task<outcome<chosen_app>>
choose_app(storage::kv& store, settings const& chosen, platforms::descriptor const& platform,
           crypto::workspace_id workspace, std::optional<std::string> credentials_id, bool allow_quickstart);

} // namespace connectd::server::services

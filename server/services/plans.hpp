// What the plan of a workspace includes.
//
// A coroutine on the caller's thread; what is passed by reference outlives the call.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "storage/kv.hpp"

#include <string_view>

namespace connectd::server::services {

// `what` names the feature for people: "The plan "free" does not include " + what + ".".
// Errors: workspace_not_found, feature_not_in_plan.
runtime::task<outcome<void>> check_plan(storage::kv& store, settings const& chosen,
                                        crypto::workspace_id workspace, std::string_view feature,
                                        std::string_view what);

} // namespace connectd::server::services

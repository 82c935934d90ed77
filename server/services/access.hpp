// What a route needs of the one who asks, and whether a key gives it. Every API asks here, whatever the
// header its keys come in.
#pragma once

#include "server/runtime/task.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/error.hpp"

#include <string_view>

namespace connectd::server::services {

enum class access {
    open,      // nothing: browsers and probes
    root,      // the operator's key
    workspace, // a workspace's key with the route's scope
    either,    // one of the two; the route shows the operator more
};

// Who the key belongs to; for an open route a principal of nobody, whatever was sent. `keys`, `key` and
// `scope` outlive the call. Errors: api_key_missing (an empty key), api_key_malformed, api_key_unknown,
// api_key_revoked, api_key_expired, scope_missing, root_key_required, workspace_key_required.
runtime::task<outcome<principal>> admit(api_keys& keys, std::string_view key, access needed,
                                        std::string_view scope);

} // namespace connectd::server::services

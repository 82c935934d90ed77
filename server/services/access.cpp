#include "server/services/access.hpp"

#include <string>

namespace connectd::server::services {

runtime::task<outcome<principal>> admit(api_keys& keys, std::string_view key, access needed,
                                        std::string_view scope) {
    if (needed == access::open) {
        co_return principal{};
    }
    if (key.empty()) {
        co_return errc::api_key_missing;
    }
    auto who = co_await keys.authenticate(key);
    if (who.has_error()) {
        co_return who.error();
    }
    if (needed == access::root && !who->root) {
        co_return errc::root_key_required;
    }
    if (needed == access::workspace && who->root) {
        co_return failure{errc::workspace_key_required, "Make a key with POST /v1/workspaces/{id}/api-keys."};
    }
    if (needed != access::root && !who->root && !who->has_scope(scope)) {
        co_return failure{errc::scope_missing, "This route needs the scope \"" + std::string{scope} + "\"."};
    }
    co_return who;
}

} // namespace connectd::server::services

#include "server/services/account_events.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace connectd::server::services {

storage::event account_event(std::string type, storage::account const& row, runtime::sys_ms now) {
    boost::json::object const data{{"account_id", row.id.to_string()},
                                   {"profile_id", row.profile.to_string()},
                                   {"platform", row.platform},
                                   {"platform_user_id", row.platform_user_id},
                                   {"username", row.username},
                                   {"status", boost::describe::enum_to_string(row.status, "unknown")},
                                   {"cause", row.status_cause}};
    return {.id = crypto::event_id::make(now),
            .workspace = row.workspace,
            .type = std::move(type),
            .account = row.id,
            .data = boost::json::serialize(data),
            .created_at = now};
}

storage::event connect_failed_event(storage::session const& row, bool retryable, runtime::sys_ms now) {
    boost::json::object const data{{"session_id", row.id.to_string()},
                                   {"profile_id", row.profile.to_string()},
                                   {"platform", row.platform},
                                   {"cause", row.error_code},
                                   {"description", row.error_description},
                                   {"retryable", retryable}};
    return {.id = crypto::event_id::make(now),
            .workspace = row.workspace,
            .type = "connect.failed",
            .account = row.reconnect,
            .data = boost::json::serialize(data),
            .created_at = now};
}

} // namespace connectd::server::services

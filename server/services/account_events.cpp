#include "server/services/account_events.hpp"

#include "server/runtime/time_text.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace connectd::server::services {
namespace {

storage::event make_event(std::string type, crypto::workspace_id workspace,
                          std::optional<crypto::account_id> account, boost::json::object const& data,
                          runtime::sys_ms now) {
    return {.id = crypto::event_id::make(now),
            .workspace = workspace,
            .type = std::move(type),
            .account = account,
            .data = boost::json::serialize(data),
            .created_at = now};
}

boost::json::object facts_of(storage::account const& row) {
    return {{"account_id", row.id.to_string()},
            {"profile_id", row.profile.to_string()},
            {"platform", row.platform},
            {"instance", row.instance},
            {"platform_user_id", row.platform_user_id},
            {"username", row.username},
            {"status", boost::describe::enum_to_string(row.status, "unknown")},
            {"cause", row.status_cause}};
}

} // namespace

storage::event account_event(std::string type, storage::account const& row, runtime::sys_ms now) {
    return make_event(std::move(type), row.workspace, row.id, facts_of(row), now);
}

storage::event token_event(std::string type, storage::account const& row, token_facts const& facts,
                           runtime::sys_ms now) {
    auto data = facts_of(row);
    if (!facts.cause.empty()) {
        data["cause"] = facts.cause;
    }
    data["retryable"] = facts.retryable;
    if (!facts.reconnect_url.empty()) {
        data["reconnect_url"] = facts.reconnect_url;
    }
    if (facts.next_attempt_at) {
        data["next_attempt_at"] = runtime::time_text(*facts.next_attempt_at);
    }
    if (facts.expires_at) {
        data["expires_at"] = runtime::time_text(*facts.expires_at);
    }
    return make_event(std::move(type), row.workspace, row.id, data, now);
}

storage::event proxy_event(storage::account const& row, proxied_call const& what, runtime::sys_ms now) {
    auto data = facts_of(row);
    data["method"] = what.method;
    data["path"] = what.path;
    data["status_of_platform"] = what.status;
    data["request_id"] = what.request_id;
    return make_event("proxy.called", row.workspace, row.id, data, now);
}

storage::event app_event(std::string type, storage::credentials const& row, std::string_view cause,
                         runtime::sys_ms now) {
    boost::json::object data{
        {"credentials_id", row.id.to_string()}, {"platform", row.platform}, {"client_id", row.client_id}};
    if (!cause.empty()) {
        data["cause"] = cause;
    }
    return make_event(std::move(type), row.workspace, std::nullopt, data, now);
}

storage::event connect_failed_event(storage::session const& row, bool retryable, runtime::sys_ms now) {
    boost::json::object const data{{"session_id", row.id.to_string()},
                                   {"profile_id", row.profile.to_string()},
                                   {"platform", row.platform},
                                   {"cause", row.error_code},
                                   {"description", row.error_description},
                                   {"retryable", retryable}};
    return make_event("connect.failed", row.workspace, row.reconnect, data, now);
}

} // namespace connectd::server::services

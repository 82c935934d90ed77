// Events about accounts and sessions, as rows for the batch of the change that caused them. Pure, any thread.
#pragma once

#include "server/runtime/clock.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/credentials.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/sessions.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::services {

// `type` as in the list of events, e.g. "account.connected".
storage::event account_event(std::string type, storage::account const& row, runtime::sys_ms now);

// What events about an account's token say beside the account itself. What is not set is left out.
struct token_facts {
    std::string cause = {}; // the account's own where empty
    bool retryable = false;
    std::string reconnect_url = {};
    std::optional<runtime::sys_ms> next_attempt_at = {};
    std::optional<runtime::sys_ms> expires_at = {};
};
storage::event token_event(std::string type, storage::account const& row, token_facts const& facts,
                           runtime::sys_ms now);

// app.unhealthy and app.recovered.
storage::event app_event(std::string type, storage::credentials const& row, std::string_view cause,
                         runtime::sys_ms now);

// proxy.called: one call through the proxy. The path without its query, which may hold anything.
struct proxied_call {
    std::string_view method;
    std::string_view path;
    unsigned status; // the platform's; 0: it gave no answer
    std::string_view request_id;
};
storage::event proxy_event(storage::account const& row, proxied_call const& what, runtime::sys_ms now);

// connect.failed, from a session that has ended without an account.
storage::event connect_failed_event(storage::session const& row, bool retryable, runtime::sys_ms now);

} // namespace connectd::server::services

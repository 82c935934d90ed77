// Events about accounts and sessions, as rows for the batch of the change that caused them. Pure, any thread.
#pragma once

#include "server/runtime/clock.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/sessions.hpp"

#include <string>

namespace connectd::server::services {

// `type` as in the list of events, e.g. "account.connected".
storage::event account_event(std::string type, storage::account const& row, runtime::sys_ms now);

// connect.failed, from a session that has ended without an account.
storage::event connect_failed_event(storage::session const& row, bool retryable, runtime::sys_ms now);

} // namespace connectd::server::services

// The link under which the owner of an account can connect it again, for events that ask for a person. It is
// made of ids alone and never ends; following it begins a connect session, which only the same identity can
// finish. Pure functions, any thread.
#pragma once

#include "crypto/id.hpp"
#include "server/services/settings.hpp"
#include "storage/tables/accounts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::services {

std::string reconnect_url(settings const& chosen, storage::account const& row);

// Whom the last part of such a link names; nothing when it is none.
struct reconnect_target {
    crypto::workspace_id workspace;
    crypto::account_id account;
};
std::optional<reconnect_target> parse_reconnect_link(std::string_view link);

} // namespace connectd::server::services

// Where a webhook may lead. What a name resolves to is checked when it is called, by the HTTP client, which
// connects to the address it has checked. Pure functions, any thread.
#pragma once

#include "server/services/error.hpp"
#include "server/services/settings.hpp"

#include <string_view>

namespace connectd::server::services::webhooks {

// https, or http where the operator allows it, no user information, and no private address in place of a
// host name unless that is allowed. Errors: field_invalid.
outcome<void> check_url(settings const& chosen, std::string_view url);

} // namespace connectd::server::services::webhooks

// What the owner of an endpoint says of it, checked and put into its row. Pure functions, any thread.
#pragma once

#include "crypto/secret.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "server/services/webhooks/form.hpp"
#include "storage/tables/webhooks.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::services::webhooks {

// What is not set stays as it is.
struct endpoint_wish {
    std::optional<std::string> url = {};
    std::optional<std::string> description = {};
    std::optional<std::vector<std::string>> types = {}; // in the words of its form
    std::optional<std::string> profile_id = {};         // events about its accounts only; empty: about all
    // Off: what happens meanwhile is not sent to it later. On, of one that is disabled: goes on where it
    // stopped.
    std::optional<bool> on = {};
    // In place of one that the form would make. Requires: not in the native form.
    std::optional<crypto::secret> secret = {};
};

// All but the profile, the secret and whether it is on. Errors: field_invalid.
outcome<void> apply(settings const& chosen, form const& its, endpoint_wish& wanted, storage::webhook& row);

// 8 to 255 visible characters. Errors: field_invalid.
outcome<void> check_own_secret(crypto::secret const& given);

} // namespace connectd::server::services::webhooks

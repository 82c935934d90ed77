// What is asked of the refresher, and what it answers. Values.
#pragma once

#include "crypto/id.hpp"
#include "server/services/error.hpp"
#include "storage/tables/accounts.hpp"

#include <cstdint>
#include <optional>

namespace connectd::server::services::refresh {

struct order {
    crypto::workspace_id workspace;
    crypto::account_id account;
    // For the timer: only if it is due, and only while nothing speaks against asking the platform.
    bool by_timer = false;
    // Only while the token still has this generation: it is the one that somebody has seen refused.
    std::optional<std::uint64_t> generation = {};
};

enum class result {
    refreshed,
    refused, // the grant is dead, and the account says so now
    // The account stays as it was and is tried again.
    operator_fault,
    temporary,
    unknown,
    // Nobody was asked.
    not_possible, // it cannot be refreshed, or needs a person first
    untouched,    // no need, or not yet
    broken,       // the store or a stored secret failed us
};

struct report {
    result how = result::untouched;
    std::optional<storage::account> account = {}; // as it is now; nothing when it is gone or cannot be read
    failure why = {};                             // set unless refreshed or untouched
};

} // namespace connectd::server::services::refresh

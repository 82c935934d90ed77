// The accounts that one grant reaches, and which of them are connected. Pure functions, any thread.
#pragma once

#include "platforms/connected.hpp"
#include "platforms/descriptor.hpp"
#include "server/runtime/clock.hpp"
#include "server/services/account_commit.hpp"
#include "server/services/error.hpp"
#include "storage/tables/accounts.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace connectd::server::services {

// At most this many are connected by one choice, so that it fits into one batch.
inline constexpr std::size_t max_chosen = 100;

struct candidate_view {
    std::string id; // the platform's
    std::string kind;
    std::string username;
    std::string display_name;
    std::string avatar_url;
};

// Requires of all below that take a grant: `candidates` holds a value.
std::vector<candidate_view> view_candidates(platforms::connected const& grant);

// The candidates with these ids, in this order. Errors: field_invalid for none, too many, an unknown id and
// one that is named twice.
outcome<std::vector<new_account>> pick(platforms::connected const& grant,
                                       std::vector<std::string> const& ids);

// The candidate that is the account to reconnect. Errors: identity_mismatch, with all names.
outcome<new_account> pick_again(platforms::connected const& grant, storage::account const& wanted);

// The one candidate of a grant that has no other.
new_account pick_only(platforms::connected const& grant);

// Turns lifetimes that count from the platform's answer, at `now`, into moments: a choice comes later.
void fix_expiry(platforms::descriptor const& platform, platforms::token_set& tokens, runtime::sys_ms now);

} // namespace connectd::server::services

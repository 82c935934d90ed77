// What several vendors ask services for.
//
// Whole lists are for vendors that have no pages or count what there is. They are read page by page; what a
// workspace can hold of these fits into memory.
#pragma once

#include "server/dialects/dialect.hpp"

#include <optional>
#include <string>
#include <vector>

namespace connectd::server::dialects {

// Errors: field_invalid (a filter).
runtime::task<services::outcome<std::vector<services::account_view>>>
all_accounts(call of, services::account_filter filter);

// Without those that this server has registered by itself. Errors: those of the store.
runtime::task<services::outcome<std::vector<services::credentials_view>>>
all_credentials(call of, std::optional<std::string> platform);

// Oldest first, the default one included. Errors: those of the store.
runtime::task<services::outcome<std::vector<services::profile_view>>> all_profiles(call of);

// Oldest first, revoked ones too. Errors: those of the store.
runtime::task<services::outcome<std::vector<services::api_key_view>>> all_api_keys(call of);
// Without those that are revoked.
runtime::task<services::outcome<std::vector<services::api_key_view>>> live_api_keys(call of);
// Vendors do not find a key that is revoked already. Errors: api_key_not_found, changed_meanwhile.
runtime::task<services::outcome<services::api_key_view>> revoke_live_key(call of, std::string id);

// Errors: those of the store.
runtime::task<services::outcome<crypto::profile_id>> default_profile(call of);

// Vendors that name containers by a slug: it is "default", the external id, or where there is none the id.
std::string slug_of(services::profile_view const& shown, crypto::profile_id default_one);

// Errors: profile_not_found.
runtime::task<services::outcome<services::profile_view>> find_by_slug(call of, std::string slug);

} // namespace connectd::server::dialects

// An Instagram account as Graph APIs show it, on Instagram's own host and as a field of a Facebook Page.
//
// Pure functions, any thread.
#pragma once

#include "tools/sandbox/graph/assets.hpp"
#include "tools/sandbox/graph/fields.hpp"

namespace connectd::sandbox::graph {

// Only professional accounts can publish; a personal one can sign in all the same.
constexpr std::string_view personal_account = "PERSONAL";

struct instagram_view {
    instagram_account account;
    std::string picture_url; // empty: it has none
    std::size_t media_count = 0;
    // On its own host `id` is app-scoped, `user_id` names the account, and its type is told. Empty elsewhere.
    std::string app_scoped_id{};
    std::string_view account_type{};
};

object_or_error instagram_node(instagram_view const& shown, std::string_view fields);
object_or_error instagram_node(instagram_view const& shown, field_list const& fields);

} // namespace connectd::sandbox::graph

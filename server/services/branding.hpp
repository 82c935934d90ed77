// How the pages look that a workspace's end users see. Pure functions, any thread.
#pragma once

#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "storage/tables/workspaces.hpp"

#include <string>

namespace connectd::server::services {

struct page_brand {
    std::string name{};     // the workspace's own where the branding has none
    std::string logo_url{}; // https; empty: none
    std::string color{};    // #rrggbb; empty: the usual
};

// Without effect where the plan does not include it any more.
page_brand brand_of(settings const& chosen, storage::workspace const& row);

// Errors: field_invalid (`branding/...`).
outcome<void> check_branding(storage::branding const& wanted);

} // namespace connectd::server::services

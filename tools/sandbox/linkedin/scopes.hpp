// The permissions of LinkedIn's apps (autumn 2026). Values; any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

#include <cstdint>

namespace connectd::sandbox::linkedin {

// In the order in which answers list them.
enum class scope : std::uint8_t {
    email,
    openid,
    profile,
    r_basicprofile,
    r_organization_admin,
    r_organization_social,
    rw_organization_admin,
    w_member_social,
    w_organization_social,
};

oauth::scope_catalog const& scopes();

} // namespace connectd::sandbox::linkedin

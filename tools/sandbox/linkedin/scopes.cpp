#include "tools/sandbox/linkedin/scopes.hpp"

#include <array>

namespace connectd::sandbox::linkedin {

oauth::scope_catalog const& scopes() {
    static constexpr std::array<oauth::scope_text, 9> texts{{
        {"email", "Use the primary email address of your account."},
        {"openid", "Use your name and photo."},
        {"profile", "Use your name and photo."},
        {"r_basicprofile", "Use your basic profile: name, photo, headline and public profile URL."},
        {"r_organization_admin", "Retrieve your pages and their reporting data."},
        {"r_organization_social", "Retrieve the posts, comments and reactions of your pages."},
        {"rw_organization_admin", "Manage your pages and retrieve their reporting data."},
        {"w_member_social", "Create, change and delete posts, comments and reactions for you."},
        {"w_organization_social", "Create, change and delete posts for your pages."},
    }};
    static constexpr oauth::scope_catalog catalog{texts};
    return catalog;
}

} // namespace connectd::sandbox::linkedin

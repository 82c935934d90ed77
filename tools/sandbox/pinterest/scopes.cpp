#include "tools/sandbox/pinterest/scopes.hpp"

#include <array>

namespace connectd::sandbox::pinterest {

oauth::scope_catalog const& scopes() {
    static constexpr std::array<oauth::scope_text, 13> texts{{
        {"user_accounts:read", "See your user accounts and followers."},
        {"boards:read", "See your public boards, including group boards you join."},
        {"boards:write", "Create, update, or delete your public boards."},
        {"pins:read", "See your public Pins."},
        {"pins:write", "Create, update, or delete your public Pins."},
        {"boards:read_secret", "See your secret boards."},
        {"boards:write_secret", "Create, update, or delete your secret boards."},
        {"pins:read_secret", "See your secret Pins."},
        {"pins:write_secret", "Create, update, or delete your secret Pins."},
        {"ads:read", "See all of your advertising data."},
        {"ads:write", "Create, update, or delete ads, ad groups and campaigns."},
        {"catalogs:read", "See all of your catalogs data."},
        {"catalogs:write", "Create, update, or delete your catalogs data."},
    }};
    static constexpr oauth::scope_catalog catalog{texts};
    return catalog;
}

} // namespace connectd::sandbox::pinterest

// The scopes of Pinterest's API v5 (autumn 2026). Values; any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

#include <cstdint>

namespace connectd::sandbox::pinterest {

// In the order in which answers list them.
enum class scope : std::uint8_t {
    user_accounts_read,
    boards_read,
    boards_write,
    pins_read,
    pins_write,
    boards_read_secret,
    boards_write_secret,
    pins_read_secret,
    pins_write_secret,
    ads_read,
    ads_write,
    catalogs_read,
    catalogs_write,
};

oauth::scope_catalog const& scopes();

} // namespace connectd::sandbox::pinterest

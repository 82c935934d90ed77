// The scopes of Google that a YouTube client asks for
// (developers.google.com/identity/protocols/oauth2/scopes, autumn 2026). Values; any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

#include <cstdint>

namespace connectd::sandbox::youtube {

// In the order in which answers list them.
enum class scope : std::uint8_t {
    upload,
    readonly,
    manage, // "youtube" in full
    force_ssl,
    analytics_readonly,
    email,
    profile,
    openid,
};

oauth::scope_catalog const& scopes();

// Names between spaces. Google takes `email` and `profile` for scopes that it grants by their long names.
oauth::scope_reading read_scopes(std::string_view text);

} // namespace connectd::sandbox::youtube

// The endpoints of a platform by the names that files and the config give them.
#pragma once

#include "platforms/descriptor.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace connectd::platforms {

// What the URL of an endpoint may begin with instead of an origin: the server the user named (instance.hpp),
// and the account's own API base (oauth2.hpp).
constexpr std::string_view instance_base = "{instance}";
constexpr std::string_view account_base = "{api_base}";

// All but those of `endpoint_set::named`.
inline constexpr std::array<std::pair<std::string_view, std::string endpoint_set::*>, 9> endpoint_members = {{
    {"authorize_url", &endpoint_set::authorize_url},
    {"token_url", &endpoint_set::token_url},
    {"refresh_url", &endpoint_set::refresh_url},
    {"revoke_url", &endpoint_set::revoke_url},
    {"identity_url", &endpoint_set::identity_url},
    {"long_lived_url", &endpoint_set::long_lived_url},
    {"candidates_url", &endpoint_set::candidates_url},
    {"registration_url", &endpoint_set::registration_url},
    {"api_base", &endpoint_set::api_base},
}};

// What the quirk `bluesky` needs, in endpoint_set::named.
inline constexpr std::array<std::string_view, 4> quirk_endpoints = {"entryway_url", "plc_url",
                                                                    "resolve_handle_url", "profile_url"};

} // namespace connectd::platforms

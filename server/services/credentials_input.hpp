// What app credentials may be. Pure functions, any thread; errors are field_invalid with the member's name.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/descriptor.hpp"
#include "server/services/error.hpp"

#include <string_view>

namespace connectd::server::services {

// Whether the platform has apps of its own at all.
outcome<void> check_app_platform(platforms::descriptor const& platform);

outcome<void> check_client_id(std::string_view id);

// An empty one is a public client, where the platform has such. Whether an issuer takes these, its metadata
// says.
outcome<void> check_client_secret(platforms::descriptor const& platform, crypto::secret const& secret);

outcome<void> check_pkce(std::string_view method);

} // namespace connectd::server::services

// Signatures of Standard Webhooks (standardwebhooks.com, scheme v1), HMAC-SHA-256 over "id.timestamp.body",
// and the plainer ones of other services. Pure functions, any thread.
#pragma once

#include "crypto/secret.hpp"
#include "server/runtime/clock.hpp"

#include <span>
#include <string>
#include <string_view>

namespace connectd::server::services::webhooks {

// What an endpoint's secret looks like to its owner: "whsec_" and 32 random bytes in base64.
crypto::secret make_secret();

// The value of webhook-signature: one signature for each secret, with a space between. `timestamp` is that of
// webhook-timestamp. Requires: secrets of make_secret's form.
std::string sign(std::span<crypto::secret const> secrets, std::string_view id, std::string_view timestamp,
                 std::string_view body);

// What endpoints of other services' forms get: "whsec_" and 16 random bytes in hex.
crypto::secret make_plain_secret();

// HMAC-SHA-256 in hex with the whole secret, as it is shown, for the key.
std::string sign_plainly(crypto::secret const& secret, std::string_view content);

// Seconds since 1970, as in webhook-timestamp.
std::string timestamp_text(runtime::sys_ms now);

} // namespace connectd::server::services::webhooks

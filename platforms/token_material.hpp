// The one blob per account that the server seals: the secrets of a token_set and what they cannot be used
// without.
//
// Format, all integers big-endian: version (1 byte, 1) | count (2 bytes) | count times: name length (2),
// name, value length (4), value. The names `access_token`, `refresh_token` and `token_type` are the members
// of that name; a name that begins with `x:` is an extra. Unknown names are skipped, so that an older server
// can read what a newer one wrote.
//
// Functions only; callable from any thread.
#pragma once

#include "crypto/secret.hpp"
#include "platforms/error.hpp"
#include "platforms/token_set.hpp"

namespace connectd::platforms {

// Requires: each member is shorter than 16 MiB (token answers are limited far below that).
crypto::secret encode_token_material(token_set const& tokens);

// A token_set with the members above; lifetimes, scopes and api_base are not part of the blob and stay empty.
// Errors: errc::damaged_token_material.
result<token_set> decode_token_material(crypto::secret const& material);

} // namespace connectd::platforms

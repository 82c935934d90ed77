// What a connect attempt that got its tokens has in hand. Owns its secrets; move-only.
#pragma once

#include "platforms/error.hpp"
#include "platforms/identity.hpp"
#include "platforms/token_set.hpp"

namespace connectd::platforms {

// The tokens of a good exchange, and who they belong to. A failed identity call leaves the tokens with the
// caller: it can ask again with fetch_identity, or revoke them.
struct connected {
    token_set tokens;
    outcome<identity> who;
};

} // namespace connectd::platforms

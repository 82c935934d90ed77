// Proof Key for Code Exchange (RFC 7636) as authorization servers check it: what a request may say, and
// whether a verifier fits. "S256" means base64url to most and lower-case hex to TikTok's desktop apps.
//
// Pure functions, any thread.
#pragma once

#include "tools/sandbox/form.hpp"

#include <string>
#include <string_view>

namespace connectd::sandbox::oauth {

enum class transform { none, plain, s256, s256_hex };

// What a code is bound to; `none` binds it to nothing.
struct challenge {
    transform how = transform::none;
    std::string text;
};

struct challenge_rules {
    bool required = false;
    bool plain = false;                  // whether `plain` is taken
    transform s256 = transform::s256;    // what S256 means here
    transform unnamed = transform::none; // what a challenge without a method means; none: it is refused
};

struct challenge_reading {
    challenge bound;
    std::string problem; // empty when the request is right
};

// From code_challenge and code_challenge_method.
challenge_reading read_challenge(form const& parameters, challenge_rules const& rules);

// RFC 7636 sections 4.1 and 4.6. A code without a challenge takes any verifier and none.
bool proves(std::string_view verifier, challenge const& bound);

} // namespace connectd::sandbox::oauth

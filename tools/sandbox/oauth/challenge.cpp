#include "tools/sandbox/oauth/challenge.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

#include <algorithm>

namespace connectd::sandbox::oauth {
namespace {

constexpr std::size_t longest_text = 128;

bool unreserved(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '.' || c == '_' || c == '~';
    });
}

// A SHA-256 is 43 characters of base64url or 64 of hex. For `plain` X's own documentation uses a short word,
// so only the upper bound of RFC 7636 holds.
bool fits(std::string_view text, transform how) {
    switch (how) {
    case transform::s256:
        return text.size() == 43 && unreserved(text) && text.find_first_of(".~") == std::string_view::npos;
    case transform::s256_hex:
        return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    case transform::plain:
        return !text.empty() && text.size() <= longest_text && unreserved(text);
    case transform::none:
        break;
    }
    return false;
}

} // namespace

challenge_reading read_challenge(form const& parameters, challenge_rules const& rules) {
    auto const text = parameters.get("code_challenge");
    auto const method = parameters.get("code_challenge_method");
    if (text.empty() && method.empty() && !rules.required)
        return {};
    auto const how = method == "S256"                   ? rules.s256
                     : method == "plain" && rules.plain ? transform::plain
                     : method.empty()                   ? rules.unnamed
                                                        : transform::none;
    if (how == transform::none)
        return {{},
                rules.plain ? "code_challenge_method must be S256 or plain"
                            : "code_challenge_method must be S256"};
    if (!fits(text, how))
        return {{}, "code_challenge is missing or not of the method's form"};
    return {{how, std::string{text}}, {}};
}

bool proves(std::string_view verifier, challenge const& bound) {
    if (bound.how == transform::none)
        return true;
    if (bound.how == transform::plain)
        return verifier == bound.text;
    if (verifier.size() < 43 || verifier.size() > longest_text || !unreserved(verifier))
        return false;
    auto const digest = crypto::sha256(verifier);
    return (bound.how == transform::s256 ? crypto::encode_base64url(digest) : crypto::encode_hex(digest)) ==
           bound.text;
}

} // namespace connectd::sandbox::oauth

// API keys: made once, shown once, stored as a digest. A checksum in the text lets a mistyped or invented key
// be refused before any lookup; it is no protection against forgery, the 238 random bits are. Byte by byte:
// crypto/FORMAT.md.
//
// Threads: pure functions, any thread.
#pragma once

#include "crypto/digest.hpp"
#include "crypto/error.hpp"
#include "crypto/secret.hpp"

#include <string>
#include <string_view>

namespace connectd::crypto {

enum class api_key_kind {
    live, // cd_live_..., a workspace's
    test, // cd_test_..., a workspace's
    root, // cd_root_..., the operator's, manages workspaces
};

// `digest` is what is stored and looked up; `hint` is what lists show.
struct made_api_key {
    secret text;
    digest256 digest;
    std::string hint;
};

struct parsed_api_key {
    api_key_kind kind;
    digest256 digest;
};

made_api_key make_api_key(api_key_kind kind);

// Errors: errc::malformed_api_key when the prefix, length, alphabet or checksum is wrong. A key that parses
// need not exist.
result<parsed_api_key> parse_api_key(std::string_view text);

// The first 12 characters: the kind and enough of the rest to tell keys apart. Requires: `text` is a key.
std::string display_hint(std::string_view text);

} // namespace connectd::crypto

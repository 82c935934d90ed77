// Hex, base64 and base64url (RFC 4648), strict in what they accept: one text for one value. Decoders refuse
// white space, characters of another alphabet, missing or superfluous padding, and unused trailing bits that
// are not zero. The work is libsodium's, whose encoders and decoders do not leak the bytes through timing.
//
// Threads: pure functions, any thread. Errors: decoders return errc::malformed_encoding.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/error.hpp"
#include "crypto/secret.hpp"

#include <string>
#include <string_view>

namespace connectd::crypto {

// Lower case out; both cases in.
std::string encode_hex(bytes_view data);
result<bytes> decode_hex(std::string_view text);

// RFC 4648 section 4, with padding.
std::string encode_base64(bytes_view data);
result<bytes> decode_base64(std::string_view text);

// RFC 4648 section 5, without padding, as PKCE and JOSE use it.
std::string encode_base64url(bytes_view data);
result<bytes> decode_base64url(std::string_view text);

// The same for bytes that are secret: nothing of them stays behind in an ordinary buffer.
secret encode_hex_secret(bytes_view data);
result<secret> decode_hex_secret(std::string_view text);
secret encode_base64url_secret(bytes_view data);

} // namespace connectd::crypto

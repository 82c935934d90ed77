#include "crypto/encoding.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstddef>

namespace connectd::crypto {
namespace {

// libsodium terminates its output with a NUL, so every encoder needs one byte more than the text has.
std::string encode_base64_variant(bytes_view data, int variant) {
    std::string text(sodium_base64_encoded_len(data.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), data.data(), data.size(), variant);
    text.pop_back();
    return text;
}

// libsodium 1.0.18 takes some bytes outside ASCII for '_' or '/', because it does its arithmetic on signed
// characters.
bool is_ascii(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

result<bytes> decode_base64_variant(std::string_view text, int variant) {
    bytes data(text.size() / 4 * 3 + 3);
    std::size_t size = 0;
    if (!is_ascii(text) || sodium_base642bin(data.data(), data.size(), text.data(), text.size(), nullptr,
                                             &size, nullptr, variant) != 0)
        return errc::malformed_encoding;
    data.resize(size);
    return data;
}

// Requires: `to` holds text.size() / 2 bytes.
bool decode_hex_to(std::string_view text, std::uint8_t* to) {
    if (text.empty())
        return true; // An empty buffer may have no address, which libsodium does not take.
    std::size_t size = 0;
    return text.size() % 2 == 0 &&
           sodium_hex2bin(to, text.size() / 2, text.data(), text.size(), nullptr, &size, nullptr) == 0 &&
           size == text.size() / 2;
}

} // namespace

std::string encode_hex(bytes_view data) {
    std::string text(data.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), data.data(), data.size());
    text.pop_back();
    return text;
}

result<bytes> decode_hex(std::string_view text) {
    bytes data(text.size() / 2);
    if (!decode_hex_to(text, data.data()))
        return errc::malformed_encoding;
    return data;
}

std::string encode_base64(bytes_view data) {
    return encode_base64_variant(data, sodium_base64_VARIANT_ORIGINAL);
}

result<bytes> decode_base64(std::string_view text) {
    return decode_base64_variant(text, sodium_base64_VARIANT_ORIGINAL);
}

std::string encode_base64url(bytes_view data) {
    return encode_base64_variant(data, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

result<bytes> decode_base64url(std::string_view text) {
    return decode_base64_variant(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

secret encode_hex_secret(bytes_view data) {
    return secret::take(encode_hex(data));
}

result<secret> decode_hex_secret(std::string_view text) {
    auto data = secret::of_size(text.size() / 2);
    if (!decode_hex_to(text, data.writable().data()))
        return errc::malformed_encoding;
    return data;
}

secret encode_base64url_secret(bytes_view data) {
    return secret::take(encode_base64url(data));
}

} // namespace connectd::crypto

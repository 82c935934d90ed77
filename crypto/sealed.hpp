// A sealed value: ciphertext with the version of the data key that made it. It holds no key and is safe to
// store, copy, compare and back up; only a keyring makes one or opens one. Byte by byte: crypto/FORMAT.md.
//
// Threads: a value. A default-made one is empty and stands for "no value", which is different from a sealed
// empty secret.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/error.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace connectd::crypto {

class sealed {
  public:
    static constexpr std::uint8_t format = 1;
    static constexpr std::size_t header_size = 5; // format and key version
    static constexpr std::size_t nonce_size = 12;
    static constexpr std::size_t tag_size = 16;
    static constexpr std::size_t overhead = header_size + nonce_size + tag_size;
    static constexpr std::size_t max_plaintext = std::size_t{1} << 20;

    sealed() noexcept = default;

    // No bytes are the empty value. Errors: errc::malformed_sealed_value for a length that cannot be,
    // errc::unsupported_format for an unknown format byte. Whether the value is genuine only the keyring can
    // say.
    static result<sealed> decode(bytes_view encoded);
    static result<sealed> decode(bytes&& encoded);

    // What is stored; `decode` reads it back. Valid as long as this value.
    bytes const& encode() const noexcept { return encoded_; }

    bool empty() const noexcept { return encoded_.empty(); }

    // Requires, for all four: !empty(). The views are valid as long as this value.
    std::uint32_t key_version() const noexcept { return read_u32(encoded_.data() + 1); }
    bytes_view header() const noexcept { return bytes_view(encoded_).first(header_size); }
    bytes_view nonce() const noexcept { return bytes_view(encoded_).subspan(header_size, nonce_size); }
    bytes_view ciphertext_and_tag() const noexcept {
        return bytes_view(encoded_).subspan(header_size + nonce_size);
    }

    friend bool operator==(sealed const&, sealed const&) = default;

  private:
    explicit sealed(bytes&& encoded) noexcept : encoded_(std::move(encoded)) {}

    bytes encoded_;
};

} // namespace connectd::crypto

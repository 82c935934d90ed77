// A secret: bytes that must not be printed, compared, copied by accident or left behind in memory.
//
// The bytes live in a heap buffer of their own, so that a short value cannot hide inside the object (as it
// does in a std::string) and escape the wipe. Reading them is the explicit call `reveal`, which reviewers can
// search for. Compare revealed values with `equal_constant_time`.
//
// Threads: like an int; one thread at a time when anyone writes. Ownership: the secret owns its buffer, and a
// revealed view is valid until the secret is destroyed, assigned to or moved from.
#pragma once

#include "crypto/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace connectd::crypto {

// Overwrites memory with zeros in a way the compiler cannot drop. `memory` may be null when `size` is 0.
void wipe(void* memory, std::size_t size) noexcept;

class secret {
  public:
    secret() noexcept = default;

    // The caller's bytes stay where they are; use `take` when they must not.
    static secret copy_of(std::string_view text);
    static secret copy_of(bytes_view data) { return copy_of(as_text(data)); }

    // Copies, then wipes the whole storage of `text` (its capacity too) and leaves it empty.
    static secret take(std::string&& text);
    static secret take(bytes&& data);

    // `size` zero bytes, to be written through `writable`.
    static secret of_size(std::size_t size);

    secret(secret&& other) noexcept;
    secret& operator=(secret&& other) noexcept;
    secret(secret const&) = delete;
    secret& operator=(secret const&) = delete;
    ~secret();

    std::string_view reveal() const noexcept { return {buffer_.get(), size_}; }
    bytes_view reveal_bytes() const noexcept { return as_bytes(reveal()); }
    std::span<std::uint8_t> writable() noexcept;

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

    // A second secret with the same bytes: copying is allowed, but only when it is asked for.
    secret clone() const { return copy_of(reveal()); }

    // Wipes the bytes and leaves the secret empty.
    void clear() noexcept;

    friend bool operator==(secret const&, secret const&) = delete;
    friend std::ostream& operator<<(std::ostream&, secret const&) = delete;

  private:
    explicit secret(std::size_t size);

    std::unique_ptr<char[]> buffer_;
    std::size_t size_ = 0;
};

} // namespace connectd::crypto

// 32 bytes of key in libsodium's guarded memory: locked into RAM where the system allows it, left out of core
// dumps, between two pages that fault when touched, read-only once filled, wiped when released.
//
// Each key takes about four pages and four mappings of the process (Linux allows 65,530), so this is for
// master keys and the data keys of workspaces in use, not for a million values.
//
// Threads: filled once and then only read, so any thread may read it. Moving it is for its one owner.
// Errors: throws std::bad_alloc when guarded memory cannot be had.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/error.hpp"
#include "crypto/secret.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace connectd::crypto {

class guarded_key {
  public:
    static constexpr std::size_t size = 32;
    using writable_bytes = std::span<std::uint8_t, size>;

    static guarded_key random();

    // Errors: errc::malformed_key unless there are exactly 32 bytes. The caller wipes its own copy.
    static result<guarded_key> copy_of(bytes_view key);

    // 64 hex digits, the form of a master key in a file, a credential or an environment variable.
    // Errors: errc::malformed_key.
    static result<guarded_key> from_hex(std::string_view digits);

    // Lets `fill` write the bytes in place, so that they never exist in ordinary memory.
    template <std::invocable<writable_bytes> Fill>
    static guarded_key made_by(Fill&& fill) {
        guarded_key key;
        std::forward<Fill>(fill)(writable_bytes(key.memory_.get(), size));
        key.make_read_only();
        return key;
    }

    guarded_key(guarded_key&&) noexcept = default;
    guarded_key& operator=(guarded_key&&) noexcept = default;
    guarded_key(guarded_key const&) = delete;
    guarded_key& operator=(guarded_key const&) = delete;

    // Requires: not moved from. Valid as long as the key.
    bytes_view reveal() const noexcept { return {memory_.get(), size}; }
    secret to_hex() const;

    // Unique among all keys of this process, in their whole lives: tells a reused cipher context which key it
    // holds.
    std::uint64_t serial() const noexcept { return serial_; }

  private:
    struct release {
        void operator()(std::uint8_t* memory) const noexcept;
    };

    guarded_key();
    void make_read_only();

    std::unique_ptr<std::uint8_t, release> memory_;
    std::uint64_t serial_;
};

} // namespace connectd::crypto

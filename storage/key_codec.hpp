// Keys that sort, byte by byte, as the values in them do.
//
// Numbers and times are fixed-width big-endian; ids are their 16 bytes; text is escaped and ends with a mark,
// so that it can be followed by more parts, sorts as plain bytes do and no two lists of parts give one key.
// FORMAT.md has the bytes.
#pragma once

#include "crypto/id.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace connectd::storage {

using sys_ms = std::chrono::sys_time<std::chrono::milliseconds>;

// Builds one key from its parts.
class key_writer {
  public:
    // With room for most keys, so that few grow.
    key_writer() { key_.reserve(64); }

    key_writer& tag(std::uint8_t value);
    key_writer& number(std::uint32_t value);
    key_writer& number(std::uint64_t value);
    key_writer& time(sys_ms value);
    key_writer& text(std::string_view value);

    // Bytes as they are. For values of one fixed size, or at the end of a key: nothing marks where they stop.
    key_writer& raw(std::string_view value);

    template <class Tag>
    key_writer& id(crypto::id<Tag> const& value) {
        return raw(value.raw());
    }

    std::string take() { return std::move(key_); }

  private:
    std::string key_;
};

// Takes a key apart in the order it was built. After the first part that is not there every further read
// fails too, so it is enough to look at `complete` once, at the end. The key must outlive the reader.
class key_reader {
  public:
    explicit key_reader(std::string_view key) noexcept : rest_(key) {}

    std::uint8_t tag();
    std::uint32_t number32();
    std::uint64_t number64();
    sys_ms time();
    std::string text();
    std::string_view raw(std::size_t size);

    template <class Id>
    Id id() {
        auto parsed = Id::from_raw(raw(16));
        if (parsed)
            return *parsed;
        failed_ = true;
        return Id{};
    }

    // All parts were there, and nothing follows them.
    bool complete() const noexcept { return !failed_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

// The smallest key above all keys with this prefix: the `to` of a scan of the prefix. Empty (no upper end)
// when there is none, that is when the prefix is empty or all 0xff.
std::string prefix_end(std::string prefix);

} // namespace connectd::storage

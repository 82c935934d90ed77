// The bytes under record_codec: variable-length numbers and length-prefixed fields. Used by record_codec.hpp
// only.
//
// Reading never looks past its input and never allocates more than the input could fill.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace connectd::storage::wire {

// Seven bits a byte, the lowest first, the high bit set on all but the last byte.
void append_varint(std::string& out, std::uint64_t value);

// Signed numbers fold into unsigned ones so that small ones of either sign stay short: 0, -1, 1, -2 ...
// become 0, 1, 2, 3.
constexpr std::uint64_t fold(std::int64_t value) noexcept {
    return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unfold(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

// Puts the length of what `out` holds from `start` on before it.
// Requires: one byte was left free for it at start - 1.
void patch_length(std::string& out, std::size_t start);

// Appends what `append_value` appends, preceded by its length.
template <class F>
void append_sized(std::string& out, F const& append_value) {
    out.push_back('\0');
    auto const start = out.size();
    append_value();
    patch_length(out, start);
}

// Reads from the front of a view that must outlive it. Every function answers false, and leaves the rest
// alone, when the input is cut short or malformed.
class reader {
  public:
    explicit reader(std::string_view input) noexcept : rest_(input) {}

    bool varint(std::uint64_t& value) noexcept;
    bool sized(std::string_view& field) noexcept;

    // A number of things of which each takes at least one byte.
    bool count(std::uint64_t& value) noexcept;

    bool done() const noexcept { return rest_.empty(); }

  private:
    std::string_view rest_;
};

} // namespace connectd::storage::wire

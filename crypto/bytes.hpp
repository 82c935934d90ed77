// Bytes, views of bytes, and big-endian numbers in them. Nothing here wipes anything: plain text belongs in a
// `secret`.
//
// Threads: pure functions, any thread. Views own nothing and are valid as long as what they were made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace connectd::crypto {

using bytes = std::vector<std::uint8_t>;
using bytes_view = std::span<std::uint8_t const>;

// The same bytes under the other of the two view types.
inline bytes_view as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}
inline std::string_view as_text(bytes_view data) noexcept {
    return {reinterpret_cast<char const*>(data.data()), data.size()};
}

// Writes `number` big-endian. Requires: 4 writable bytes at `to`.
inline void write_u32(std::uint8_t* to, std::uint32_t number) noexcept {
    to[0] = static_cast<std::uint8_t>(number >> 24);
    to[1] = static_cast<std::uint8_t>(number >> 16);
    to[2] = static_cast<std::uint8_t>(number >> 8);
    to[3] = static_cast<std::uint8_t>(number);
}

// Requires: 4 readable bytes at `from`.
inline std::uint32_t read_u32(std::uint8_t const* from) noexcept {
    return std::uint32_t{from[0]} << 24 | std::uint32_t{from[1]} << 16 | std::uint32_t{from[2]} << 8 |
           from[3];
}

} // namespace connectd::crypto

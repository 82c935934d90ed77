// The bytes of what the server seals as one secret: numbers, and texts that their own length precedes. Which
// of them stand where is the format of whoever writes them (token_material.hpp, connected.cpp).
//
// Belongs to one thread. A writer and a reader view memory that must outlive them.
#pragma once

#include "crypto/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace connectd::platforms {

// Without room it only counts.
class blob_writer {
  public:
    blob_writer() = default;
    explicit blob_writer(std::span<std::uint8_t> room) : room_(room), counts_(false) {}

    // Big-endian. Requires: `value` fits into `width` bytes.
    void number(std::uint64_t value, std::size_t width);
    void text(std::string_view value);
    // Requires: the length fits into `width` bytes.
    void sized_text(std::string_view value, std::size_t width) {
        number(value.size(), width);
        text(value);
    }
    std::size_t size() const noexcept { return at_; }

  private:
    std::span<std::uint8_t> room_;
    std::size_t at_ = 0;
    bool counts_ = true;
};

// Nothing is read beyond the end: what is missing comes back as nothing.
class blob_reader {
  public:
    explicit blob_reader(std::string_view rest) : rest_(rest) {}

    std::optional<std::uint64_t> number(std::size_t width);
    std::optional<std::string_view> text(std::size_t size);
    std::optional<std::string_view> sized_text(std::size_t width) {
        auto const size = number(width);
        return size ? text(*size) : std::nullopt;
    }
    bool done() const noexcept { return rest_.empty(); }

  private:
    std::string_view rest_;
};

// What `fill` writes, in a secret of exactly its size. `fill` is called twice with a blob_writer, first to
// count: a growing buffer would leave copies of the secrets behind.
template <class Fill>
crypto::secret make_blob(Fill const& fill) {
    blob_writer counting;
    fill(counting);
    auto blob = crypto::secret::of_size(counting.size());
    blob_writer out(blob.writable());
    fill(out);
    return blob;
}

} // namespace connectd::platforms

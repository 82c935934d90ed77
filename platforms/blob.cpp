#include "platforms/blob.hpp"

#include <cstring>

namespace connectd::platforms {

void blob_writer::number(std::uint64_t value, std::size_t width) {
    if (counts_) {
        at_ += width;
        return;
    }
    for (std::size_t index = width; index-- > 0;) {
        room_[at_++] = static_cast<std::uint8_t>(value >> (8 * index));
    }
}

void blob_writer::text(std::string_view value) {
    if (!counts_ && !value.empty()) {
        std::memcpy(room_.data() + at_, value.data(), value.size());
    }
    at_ += value.size();
}

std::optional<std::uint64_t> blob_reader::number(std::size_t width) {
    auto const bytes = text(width);
    if (!bytes) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (char const c : *bytes) {
        value = (value << 8) | static_cast<std::uint8_t>(c);
    }
    return value;
}

std::optional<std::string_view> blob_reader::text(std::size_t size) {
    if (rest_.size() < size) {
        return std::nullopt;
    }
    auto const taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
}

} // namespace connectd::platforms

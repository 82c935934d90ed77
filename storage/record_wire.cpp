#include "storage/record_wire.hpp"

namespace connectd::storage::wire {
namespace {

constexpr std::uint8_t more = 0x80;
constexpr std::size_t longest_varint = 10;

} // namespace

void append_varint(std::string& out, std::uint64_t value) {
    while (value >= more) {
        out.push_back(static_cast<char>(value | more));
        value >>= 7;
    }
    out.push_back(static_cast<char>(value));
}

void patch_length(std::string& out, std::size_t start) {
    auto const length = out.size() - start;
    if (length < more) {
        out[start - 1] = static_cast<char>(length);
        return;
    }
    std::string digits;
    append_varint(digits, length);
    out.replace(start - 1, 1, digits);
}

bool reader::varint(std::uint64_t& value) noexcept {
    std::uint64_t number = 0;
    for (std::size_t at = 0; at < rest_.size() && at < longest_varint; ++at) {
        auto const byte = static_cast<std::uint8_t>(rest_[at]);
        auto const bits = static_cast<std::uint64_t>(byte & 0x7f);
        if (at == longest_varint - 1 && bits > 1)
            return false; // more than 64 bits
        number |= bits << (7 * at);
        if ((byte & more) == 0) {
            if (byte == 0 && at > 0)
                return false; // one value, one encoding
            value = number;
            rest_.remove_prefix(at + 1);
            return true;
        }
    }
    return false;
}

bool reader::sized(std::string_view& field) noexcept {
    auto const before = rest_;
    std::uint64_t length = 0;
    if (!varint(length) || length > rest_.size()) {
        rest_ = before;
        return false;
    }
    field = rest_.substr(0, static_cast<std::size_t>(length));
    rest_.remove_prefix(static_cast<std::size_t>(length));
    return true;
}

bool reader::count(std::uint64_t& value) noexcept {
    auto const before = rest_;
    if (varint(value) && value <= rest_.size())
        return true;
    rest_ = before;
    return false;
}

} // namespace connectd::storage::wire

#include "storage/key_codec.hpp"

#include <bit>
#include <utility>

namespace connectd::storage {
namespace {

// In text a zero byte becomes 00 ff and the end is 00 01. No byte of escaped text follows a 00 but ff, so the
// mark cannot be mistaken, and 01 < ff keeps a text before its longer continuations.
constexpr char escape = '\x00';
constexpr char escaped_zero = '\xff';
constexpr char end_mark = '\x01';

template <class Number>
void append_big_endian(std::string& key, Number value) {
    for (auto shift = static_cast<int>(sizeof(Number) * 8) - 8; shift >= 0; shift -= 8)
        key.push_back(static_cast<char>(value >> shift & 0xff));
}

template <class Number>
Number big_endian(std::string_view bytes) {
    Number value = 0;
    for (char const byte : bytes)
        value = static_cast<Number>(value << 8 | static_cast<unsigned char>(byte));
    return value;
}

// Flipping the sign bit makes times before 1970 sort before those after.
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

} // namespace

key_writer& key_writer::tag(std::uint8_t value) {
    key_.push_back(static_cast<char>(value));
    return *this;
}

key_writer& key_writer::number(std::uint32_t value) {
    append_big_endian(key_, value);
    return *this;
}

key_writer& key_writer::number(std::uint64_t value) {
    append_big_endian(key_, value);
    return *this;
}

key_writer& key_writer::time(sys_ms value) {
    return number(std::bit_cast<std::uint64_t>(std::int64_t{value.time_since_epoch().count()}) ^ sign_bit);
}

key_writer& key_writer::text(std::string_view value) {
    key_.reserve(key_.size() + value.size() + 2);
    for (char const byte : value) {
        key_.push_back(byte);
        if (byte == escape)
            key_.push_back(escaped_zero);
    }
    key_.push_back(escape);
    key_.push_back(end_mark);
    return *this;
}

key_writer& key_writer::raw(std::string_view value) {
    key_.append(value);
    return *this;
}

std::string_view key_reader::raw(std::size_t size) {
    if (failed_ || rest_.size() < size) {
        failed_ = true;
        return {};
    }
    auto const part = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return part;
}

std::uint8_t key_reader::tag() {
    return big_endian<std::uint8_t>(raw(1));
}

std::uint32_t key_reader::number32() {
    return big_endian<std::uint32_t>(raw(4));
}

std::uint64_t key_reader::number64() {
    return big_endian<std::uint64_t>(raw(8));
}

sys_ms key_reader::time() {
    return sys_ms(std::chrono::milliseconds(std::bit_cast<std::int64_t>(number64() ^ sign_bit)));
}

std::string key_reader::text() {
    std::string value;
    for (;;) {
        auto const byte = raw(1);
        if (failed_)
            return {};
        if (byte[0] != escape) {
            value.push_back(byte[0]);
            continue;
        }
        auto const next = raw(1);
        if (!failed_ && next[0] == end_mark)
            return value;
        if (failed_ || next[0] != escaped_zero) {
            failed_ = true;
            return {};
        }
        value.push_back('\0');
    }
}

std::string prefix_end(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xff')
        prefix.pop_back();
    if (!prefix.empty())
        prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

} // namespace connectd::storage

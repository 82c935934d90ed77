#include "crypto/id.hpp"

#include "crypto/random.hpp"

#include <cstdint>
#include <span>
#include <stdexcept>

namespace connectd::crypto {
namespace {

// Crockford's alphabet leaves out I, L, O and U.
constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t digit_count = 26;
constexpr std::size_t time_size = 6;
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> make_digit_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::size_t digit = 0; digit < crockford.size(); ++digit)
        values[static_cast<unsigned char>(crockford[digit])] = static_cast<std::uint8_t>(digit);
    return values;
}

constexpr auto digit_values = make_digit_values();

struct halves {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
};

std::uint64_t read_u64(char const* from) noexcept {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i)
        number = number << 8 | static_cast<unsigned char>(from[i]);
    return number;
}

void write_u64(char* to, std::uint64_t number) noexcept {
    for (int i = 7; i >= 0; --i, number >>= 8)
        to[i] = static_cast<char>(number & 0xff);
}

} // namespace

id_bytes make_id_bytes(id_time now) {
    auto const count = now.time_since_epoch().count();
    if (count < 0 || count >= std::int64_t{1} << 48)
        throw std::out_of_range("an id cannot carry a time outside the years 1970 to 10889");
    id_bytes value;
    auto const milliseconds = static_cast<std::uint64_t>(count);
    for (std::size_t i = 0; i < time_size; ++i)
        value[i] = static_cast<char>(milliseconds >> (8 * (time_size - 1 - i)) & 0xff);
    random_fill({reinterpret_cast<std::uint8_t*>(value.data()) + time_size, value.size() - time_size});
    return value;
}

result<id_bytes> parse_id_bytes(std::string_view prefix, std::string_view text) {
    if (text.size() != prefix.size() + 1 + digit_count || !text.starts_with(prefix) ||
        text[prefix.size()] != '_')
        return errc::malformed_id;
    auto const digits = text.substr(prefix.size() + 1);
    // 26 digits hold 130 bits: a first digit above 7 would not fit, and would be a second text for another
    // id.
    if (digit_values[static_cast<unsigned char>(digits[0])] > 7)
        return errc::malformed_id;
    halves number;
    for (char const c : digits) {
        auto const digit = digit_values[static_cast<unsigned char>(c)];
        if (digit == no_digit)
            return errc::malformed_id;
        number.high = number.high << 5 | number.low >> 59;
        number.low = number.low << 5 | digit;
    }
    id_bytes value;
    write_u64(value.data(), number.high);
    write_u64(value.data() + 8, number.low);
    return value;
}

result<id_bytes> id_bytes_from_raw(std::string_view raw) {
    id_bytes value;
    if (raw.size() != value.size())
        return errc::malformed_id;
    std::memcpy(value.data(), raw.data(), raw.size());
    return value;
}

std::string print_id_bytes(std::string_view prefix, id_bytes const& value) {
    halves number{read_u64(value.data()), read_u64(value.data() + 8)};
    std::string text(prefix.size() + 1 + digit_count, '_');
    text.replace(0, prefix.size(), prefix);
    for (std::size_t i = text.size(); i-- > prefix.size() + 1;) {
        text[i] = crockford[number.low & 31];
        number.low = number.low >> 5 | number.high << 59;
        number.high >>= 5;
    }
    return text;
}

id_time id_bytes_time(id_bytes const& value) noexcept {
    return id_time(std::chrono::milliseconds(static_cast<std::int64_t>(read_u64(value.data()) >> 16)));
}

} // namespace connectd::crypto

#include "crypto/api_key.hpp"

#include "crypto/random.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace connectd::crypto {
namespace {

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t prefix_size = 8;
constexpr std::size_t random_size = 40;
constexpr std::size_t checksum_size = 6;
constexpr std::size_t text_size = prefix_size + random_size + checksum_size;
constexpr std::size_t hint_size = 12;

struct kind_prefix {
    api_key_kind kind;
    std::string_view prefix;
};
constexpr std::array kinds{
    kind_prefix{api_key_kind::live, "cd_live_"},
    kind_prefix{api_key_kind::test, "cd_test_"},
    kind_prefix{api_key_kind::root, "cd_root_"},
};

constexpr std::array<bool, 256> make_in_base62() {
    std::array<bool, 256> in{};
    for (char const c : base62)
        in[static_cast<unsigned char>(c)] = true;
    return in;
}
constexpr auto in_base62 = make_in_base62();

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = value & 1 ? value >> 1 ^ 0xEDB88320u : value >> 1;
        table[i] = value;
    }
    return table;
}
constexpr auto crc_table = make_crc_table();

// CRC-32 as in IEEE 802.3: unlike a truncated hash it is certain to notice any one changed character.
constexpr std::uint32_t crc32(std::string_view text) {
    std::uint32_t crc = 0xFFFFFFFFu;
    for (char const c : text)
        crc = crc >> 8 ^ crc_table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
    return ~crc;
}
static_assert(crc32("123456789") == 0xCBF43926u);

std::array<char, checksum_size> checksum(std::string_view text) {
    std::array<char, checksum_size> digits;
    auto rest = crc32(text);
    for (std::size_t i = digits.size(); i-- > 0; rest /= 62)
        digits[i] = base62[rest % 62];
    return digits;
}

// Takes six bits at a time and drops the two values that have no character, so that all 62 are equally
// likely.
void fill_with_random_characters(std::span<std::uint8_t> out) {
    std::array<std::uint8_t, 64> block;
    std::size_t used = block.size();
    for (auto& character : out) {
        for (;;) {
            if (used == block.size()) {
                random_fill(block);
                used = 0;
            }
            if (auto const value = block[used++] & 63u; value < base62.size()) {
                character = static_cast<std::uint8_t>(base62[value]);
                break;
            }
        }
    }
    wipe(block.data(), block.size());
}

std::optional<api_key_kind> kind_of(std::string_view text) {
    for (auto const& candidate : kinds)
        if (text.starts_with(candidate.prefix))
            return candidate.kind;
    return std::nullopt;
}

std::string_view prefix_of(api_key_kind kind) {
    for (auto const& candidate : kinds)
        if (candidate.kind == kind)
            return candidate.prefix;
    return {};
}

} // namespace

made_api_key make_api_key(api_key_kind kind) {
    auto text = secret::of_size(text_size);
    auto const out = text.writable();
    auto const prefix = as_bytes(prefix_of(kind));
    std::copy(prefix.begin(), prefix.end(), out.begin());
    fill_with_random_characters(out.subspan(prefix_size, random_size));
    auto const sum = checksum(text.reveal().substr(0, prefix_size + random_size));
    std::copy(sum.begin(), sum.end(), out.begin() + prefix_size + random_size);
    auto const digest = sha256(text.reveal());
    auto hint = display_hint(text.reveal());
    return {std::move(text), digest, std::move(hint)};
}

result<parsed_api_key> parse_api_key(std::string_view text) {
    auto const kind = kind_of(text);
    if (!kind || text.size() != text_size)
        return errc::malformed_api_key;
    for (char const c : text.substr(prefix_size))
        if (!in_base62[static_cast<unsigned char>(c)])
            return errc::malformed_api_key;
    auto const sum = checksum(text.substr(0, prefix_size + random_size));
    if (text.substr(prefix_size + random_size) != std::string_view(sum.data(), sum.size()))
        return errc::malformed_api_key;
    return parsed_api_key{*kind, sha256(text)};
}

std::string display_hint(std::string_view text) {
    return std::string(text.substr(0, hint_size));
}

} // namespace connectd::crypto

#include "server/http/parameters.hpp"

#include <algorithm>
#include <cstdint>

namespace connectd::server::http {

namespace {

int hex_digit(char letter) noexcept {
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    if (letter >= 'a' && letter <= 'f') {
        return letter - 'a' + 10;
    }
    if (letter >= 'A' && letter <= 'F') {
        return letter - 'A' + 10;
    }
    return -1;
}

enum class dialect { path, form };

bool allowed(char letter, dialect in) noexcept {
    auto const byte = static_cast<unsigned char>(letter);
    if (in == dialect::form && (letter == '\n' || letter == '\r' || letter == '\t')) {
        return true;
    }
    return byte >= 0x20 && byte != 0x7f;
}

// Most parts of most targets are what they say.
bool is_plain(std::string_view text) noexcept {
    return std::ranges::all_of(
        text, [](char letter) { return letter >= 0x20 && letter < 0x7f && letter != '%' && letter != '+'; });
}

std::optional<std::string> decode(std::string_view text, dialect in) {
    if (is_plain(text)) {
        return std::string{text};
    }
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        char letter = text[at];
        if (letter == '%') {
            if (text.size() - at < 3) {
                return std::nullopt;
            }
            int const high = hex_digit(text[at + 1]);
            int const low = hex_digit(text[at + 2]);
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            letter = static_cast<char>(high * 16 + low);
            at += 2;
        } else if (letter == '+' && in == dialect::form) {
            letter = ' ';
        }
        if (!allowed(letter, in)) {
            return std::nullopt;
        }
        decoded.push_back(letter);
    }
    if (!valid_utf8(decoded)) {
        return std::nullopt;
    }
    return decoded;
}

// The code point that begins at `at`, which is moved behind it; nothing when it is malformed (RFC 3629
// section 4).
std::optional<std::uint32_t> next_code_point(std::string_view text, std::size_t& at) noexcept {
    auto const first = static_cast<unsigned char>(text[at++]);
    if (first < 0x80) {
        return first;
    }
    std::size_t const following = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || text.size() - at < following) {
        return std::nullopt;
    }
    std::uint32_t point = first & (0x3fU >> following);
    for (std::size_t count = 0; count < following; ++count) {
        auto const next = static_cast<unsigned char>(text[at++]);
        if ((next & 0xc0U) != 0x80U) {
            return std::nullopt;
        }
        point = (point << 6U) | (next & 0x3fU);
    }
    std::uint32_t const smallest = following == 3 ? 0x10000U : following == 2 ? 0x800U : 0x80U;
    if (point < smallest || point > 0x10ffffU || (point >= 0xd800U && point <= 0xdfffU)) {
        return std::nullopt;
    }
    return point;
}

} // namespace

bool valid_utf8(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        if (!next_code_point(text, at)) {
            return false;
        }
    }
    return true;
}

std::optional<std::string_view> parameters::find(std::string_view name) const noexcept {
    for (auto const& item : items_) {
        if (item.first == name) {
            return item.second;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> parameters::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (auto const& item : items_) {
        if (item.first == name) {
            values.emplace_back(item.second);
        }
    }
    return values;
}

bool parameters::repeated(std::string_view name) const noexcept {
    return std::count_if(items_.begin(), items_.end(), [&](auto const& item) { return item.first == name; }) >
           1;
}

std::optional<std::string> percent_decode(std::string_view text) {
    return decode(text, dialect::path);
}

std::optional<parameters> parse_parameters(std::string_view text, std::size_t limit) {
    parameters parsed;
    while (!text.empty()) {
        auto const end = std::min(text.find('&'), text.size());
        auto const piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.empty()) {
            continue;
        }
        auto const middle = std::min(piece.find('='), piece.size());
        auto name = decode(piece.substr(0, middle), dialect::form);
        auto value = decode(piece.substr(std::min(middle + 1, piece.size())), dialect::form);
        if (!name || !value || name->empty() || parsed.size() == limit) {
            return std::nullopt;
        }
        parsed.add(std::move(*name), std::move(*value));
    }
    return parsed;
}

std::string percent_encode(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (char const letter : text) {
        auto const byte = static_cast<unsigned char>(letter);
        bool const unreserved = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                                (letter >= 'A' && letter <= 'Z') || letter == '-' || letter == '.' ||
                                letter == '_' || letter == '~';
        if (unreserved) {
            encoded.push_back(letter);
        } else {
            encoded.push_back('%');
            encoded.push_back(digits[byte >> 4U]);
            encoded.push_back(digits[byte & 15U]);
        }
    }
    return encoded;
}

} // namespace connectd::server::http

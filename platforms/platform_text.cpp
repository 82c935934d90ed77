#include "platforms/platform_text.hpp"

#include <algorithm>
#include <cstdint>

namespace connectd::platforms {
namespace {

struct decoded {
    std::uint32_t code_point = 0;
    std::size_t size = 0; // 0: not UTF-8
};

// One character of well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
decoded decode_utf8(std::string_view text) {
    auto const byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    auto const first = byte(0);
    if (first < 0x80) {
        return {first, 1};
    }
    std::size_t const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < size) {
        return {};
    }
    std::uint32_t point = first & (0x7fu >> size);
    for (std::size_t index = 1; index < size; ++index) {
        if ((byte(index) & 0xc0) != 0x80) {
            return {};
        }
        point = (point << 6) | (byte(index) & 0x3fu);
    }
    bool const overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
    bool const surrogate = point >= 0xd800 && point <= 0xdfff;
    if (overlong || surrogate || point > 0x10ffff) {
        return {};
    }
    return {point, size};
}

bool is_control(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029 ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

// Most text is short and plain: it needs a copy and nothing else.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

std::string platform_text(std::string_view text, std::size_t limit) {
    if (text.size() <= limit && is_plain(text)) {
        return std::string(text);
    }
    std::string out;
    while (!text.empty()) {
        auto const [point, size] = decode_utf8(text);
        std::string_view piece = text.substr(0, size);
        if (size == 0) {
            piece = "?";
        } else if (is_control(point)) {
            piece = " ";
        }
        if (!(piece == " " && out.empty())) {
            if (out.size() + piece.size() > limit) {
                break;
            }
            out += piece;
        }
        text.remove_prefix(size == 0 ? 1 : size);
    }
    while (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return out;
}

} // namespace connectd::platforms

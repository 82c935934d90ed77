#include "platforms/percent.hpp"

#include <algorithm>
#include <array>

namespace connectd::platforms {
namespace {

// Which bytes stay as they are. A table, because every request of the connect flow passes through here.
using byte_set = std::array<bool, 256>;

consteval byte_set alphanumerics_and(std::string_view others) {
    byte_set kept{};
    for (std::size_t byte = 0; byte < kept.size(); ++byte) {
        bool const letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        kept[byte] = letter || (byte >= '0' && byte <= '9');
    }
    for (char const c : others) {
        kept[static_cast<unsigned char>(c)] = true;
    }
    return kept;
}

constexpr byte_set unreserved = alphanumerics_and("-._~");
constexpr byte_set form_unescaped = alphanumerics_and("-._*");

void append_escaped(std::string& out, std::string_view text, byte_set const& kept, bool plus_for_space) {
    constexpr char digits[] = "0123456789ABCDEF";
    auto const stays = [&](char c) { return kept[static_cast<unsigned char>(c)]; };
    auto rest = text.begin();
    while (rest != text.end()) {
        auto const stop = std::find_if_not(rest, text.end(), stays);
        out.append(rest, stop);
        rest = stop;
        if (rest == text.end()) {
            return;
        }
        auto const byte = static_cast<unsigned char>(*rest++);
        if (byte == ' ' && plus_for_space) {
            out += '+';
        } else {
            char const escaped[] = {'%', digits[byte >> 4], digits[byte & 0x0f]};
            out.append(escaped, sizeof escaped);
        }
    }
}

} // namespace

void append_percent_encoded(std::string& out, std::string_view text) {
    append_escaped(out, text, unreserved, false);
}

void append_form_encoded(std::string& out, std::string_view text) {
    append_escaped(out, text, form_unescaped, true);
}

void append_query(std::string& url, std::string_view name, std::string_view value) {
    auto const question = url.find('?');
    if (question == std::string::npos) {
        url += '?';
    } else if (question + 1 != url.size() && url.back() != '&') {
        url += '&';
    }
    append_percent_encoded(url, name);
    url += '=';
    append_percent_encoded(url, value);
}

void append_form(std::string& body, std::string_view name, std::string_view value) {
    if (!body.empty()) {
        body += '&';
    }
    append_form_encoded(body, name);
    body += '=';
    append_form_encoded(body, value);
}

std::string joined(std::vector<std::string> const& items, std::string_view separator) {
    std::string text;
    for (auto const& item : items) {
        if (!text.empty()) {
            text += separator;
        }
        text += item;
    }
    return text;
}

} // namespace connectd::platforms

#include "platforms/percent.hpp"

namespace connectd::platforms {
namespace {

constexpr bool is_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void append_escaped(std::string& out, char c) {
    constexpr char digits[] = "0123456789ABCDEF";
    auto const byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 0x0f];
}

} // namespace

void append_percent_encoded(std::string& out, std::string_view text) {
    for (char const c : text) {
        if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            append_escaped(out, c);
        }
    }
}

void append_form_encoded(std::string& out, std::string_view text) {
    for (char const c : text) {
        if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '*') {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            append_escaped(out, c);
        }
    }
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

} // namespace connectd::platforms

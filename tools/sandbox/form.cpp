#include "tools/sandbox/form.hpp"

#include <algorithm>

namespace connectd::sandbox {
namespace {

int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool unreserved(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

} // namespace

std::optional<std::string> percent_decode(std::string_view encoded, bool plus_is_space) {
    std::string text;
    text.reserve(encoded.size());
    std::string_view const special = plus_is_space ? "%+" : "%";
    while (true) {
        auto const found = encoded.find_first_of(special);
        text += encoded.substr(0, found);
        if (found == std::string_view::npos)
            return text;
        if (encoded[found] == '+') {
            text.push_back(' ');
            encoded.remove_prefix(found + 1);
            continue;
        }
        if (encoded.size() - found < 3)
            return std::nullopt;
        int const high = digit_of(encoded[found + 1]);
        int const low = digit_of(encoded[found + 2]);
        if (high < 0 || low < 0)
            return std::nullopt;
        text.push_back(static_cast<char>(high * 16 + low));
        encoded.remove_prefix(found + 3);
    }
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size() + 16);
    for (char const c : text) {
        if (unreserved(c)) {
            encoded.push_back(c);
        } else {
            auto const byte = static_cast<unsigned char>(c);
            encoded.push_back('%');
            encoded.push_back(digits[byte >> 4]);
            encoded.push_back(digits[byte & 15]);
        }
    }
    return encoded;
}

std::optional<form> form::parse(std::string_view encoded) {
    form parsed;
    while (!encoded.empty()) {
        auto const end = encoded.find('&');
        auto const pair = encoded.substr(0, end);
        encoded = end == std::string_view::npos ? std::string_view{} : encoded.substr(end + 1);
        if (pair.empty())
            continue;
        auto const equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = equals == std::string_view::npos ? std::optional<std::string>{""}
                                                      : percent_decode(pair.substr(equals + 1), true);
        if (!name || !value)
            return std::nullopt;
        parsed.fields_.emplace_back(std::move(*name), std::move(*value));
    }
    return parsed;
}

std::string_view form::get(std::string_view name) const {
    for (auto const& [key, value] : fields_) {
        if (key == name)
            return value;
    }
    return {};
}

bool form::has(std::string_view name) const {
    return std::ranges::any_of(fields_, [&](auto const& field) { return field.first == name; });
}

std::optional<std::string_view> form::repeated() const {
    for (auto field = fields_.begin(); field != fields_.end(); ++field) {
        auto const same_name = [&](auto const& other) { return other.first == field->first; };
        if (std::find_if(std::next(field), fields_.end(), same_name) != fields_.end())
            return field->first;
    }
    return std::nullopt;
}

} // namespace connectd::sandbox

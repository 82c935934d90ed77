#include "server/http/header_list.hpp"

#include <algorithm>
#include <stdexcept>

namespace connectd::server::http {

namespace {

constexpr char lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

// tchar of RFC 9110 section 5.6.2
bool is_token(std::string_view text) noexcept {
    auto const allowed = [](char letter) {
        return (letter >= '0' && letter <= '9') || (lower(letter) >= 'a' && lower(letter) <= 'z') ||
               std::string_view{"!#$%&'*+-.^_`|~"}.find(letter) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool is_value(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(), [](char letter) {
        auto const byte = static_cast<unsigned char>(letter);
        return (byte < 0x20 && letter != '\t') || byte == 0x7f;
    });
}

} // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(),
                                                     [](char a, char b) { return lower(a) == lower(b); });
}

void header_list::add(std::string_view name, std::string_view value) {
    if (!is_token(name)) {
        throw std::invalid_argument{"a header name that is no token"};
    }
    if (!is_value(value)) {
        throw std::invalid_argument{"a header value with a control character in " + std::string{name}};
    }
    add_parsed(name, value);
}

void header_list::add_parsed(std::string_view name, std::string_view value) {
    if (entries_.empty()) {
        entries_.reserve(8);
        text_.reserve(256);
    }
    entries_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                        static_cast<std::uint32_t>(value.size())});
    text_.append(name).append(value);
}

void header_list::set(std::string_view name, std::string_view value) {
    // Copied first: the caller may pass a view into this list.
    std::string const kept{value};
    erase(name);
    add(name, kept);
}

void header_list::set_default(std::string_view name, std::string_view value) {
    if (!contains(name)) {
        add(name, value);
    }
}

void header_list::erase(std::string_view name) noexcept {
    // The text stays behind in the buffer; a list is short-lived.
    std::erase_if(entries_, [&](entry const& candidate) {
        return equal_ignoring_case(std::string_view{text_}.substr(candidate.offset, candidate.name_size),
                                   name);
    });
}

std::optional<std::string_view> header_list::find(std::string_view name) const noexcept {
    for (auto const field : *this) {
        if (equal_ignoring_case(field.name, name)) {
            return field.value;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> header_list::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (auto const field : *this) {
        if (equal_ignoring_case(field.name, name)) {
            values.push_back(field.value);
        }
    }
    return values;
}

header_list::field header_list::operator[](std::size_t index) const noexcept {
    auto const& found = entries_[index];
    std::string_view const text{text_};
    return {text.substr(found.offset, found.name_size),
            text.substr(found.offset + found.name_size, found.value_size)};
}

} // namespace connectd::server::http

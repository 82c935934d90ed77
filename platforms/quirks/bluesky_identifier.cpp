#include "platforms/quirks/bluesky_identifier.hpp"

#include <algorithm>
#include <array>

namespace connectd::platforms::bluesky {
namespace {

constexpr std::size_t longest_handle = 253;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_did = 256;
constexpr std::size_t longest_email = 254;

constexpr bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool is_plain(char c) noexcept {
    return is_lower(c) || is_digit(c);
}

std::string_view trim(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Handles copied from an app often carry invisible direction marks (U+200B to U+200F, U+202A to U+202E,
// U+2066 to U+2069).
std::string without_invisible(std::string_view text) {
    std::string kept;
    while (!text.empty()) {
        if (text.starts_with("\xe2\x80") && text.size() >= 3) {
            auto const last = static_cast<unsigned char>(text[2]);
            if ((last >= 0x8b && last <= 0x8f) || (last >= 0xaa && last <= 0xae)) {
                text.remove_prefix(3);
                continue;
            }
        }
        if (text.starts_with("\xe2\x81") && text.size() >= 3) {
            auto const last = static_cast<unsigned char>(text[2]);
            if (last >= 0xa6 && last <= 0xa9) {
                text.remove_prefix(3);
                continue;
            }
        }
        kept += text.front();
        text.remove_prefix(1);
    }
    return kept;
}

void lower(std::string& text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), [](char c) { return is_plain(c) || c == '-'; });
}

bool is_email(std::string_view text) {
    auto const at = text.rfind('@');
    if (at == 0 || at == std::string_view::npos || text.size() > longest_email) {
        return false;
    }
    constexpr std::string_view others = "!#$%&'*+/=?^_`{|}~.-";
    auto const local = text.substr(0, at);
    return is_handle(text.substr(at + 1)) && std::all_of(local.begin(), local.end(), [&](char c) {
               return is_plain(c) || others.find(c) != std::string_view::npos;
           });
}

} // namespace

bool is_handle(std::string_view text) {
    if (text.empty() || text.size() > longest_handle || text.ends_with(".invalid")) {
        return false;
    }
    std::size_t labels = 0;
    std::string_view last;
    for (auto rest = text;; ++labels) {
        auto const dot = std::min(rest.find('.'), rest.size());
        last = rest.substr(0, dot);
        if (!is_label(last)) {
            return false;
        }
        if (dot == rest.size()) {
            break;
        }
        rest.remove_prefix(dot + 1);
    }
    return labels >= 1 && !is_digit(last.front());
}

bool is_did(std::string_view text) {
    constexpr std::string_view plc = "did:plc:";
    constexpr std::string_view web = "did:web:";
    if (text.size() > longest_did) {
        return false;
    }
    if (text.starts_with(plc)) {
        auto const key = text.substr(plc.size());
        return !key.empty() && std::all_of(key.begin(), key.end(), is_plain);
    }
    return text.starts_with(web) && is_handle(text.substr(web.size()));
}

result<identifier> parse_identifier(std::string_view typed) {
    constexpr std::array<std::string_view, 2> profile_pages = {"https://bsky.app/profile/",
                                                               "http://bsky.app/profile/"};
    auto text = without_invisible(typed);
    std::string_view rest = trim(text);
    for (auto const page : profile_pages) {
        if (rest.starts_with(page)) {
            rest.remove_prefix(page.size());
            rest = rest.substr(0, rest.find('/'));
        }
    }
    if (rest.starts_with('@')) {
        rest.remove_prefix(1);
    }
    if (is_did(rest)) {
        return identifier{identifier_kind::did, std::string(rest)};
    }
    std::string name(rest);
    lower(name);
    if (is_handle(name)) {
        return identifier{identifier_kind::handle, std::move(name)};
    }
    if (is_email(name)) {
        return identifier{identifier_kind::email, std::move(name)};
    }
    return errc::invalid_identifier;
}

result<crypto::secret> parse_app_password(std::string_view typed) {
    auto const text = trim(typed);
    if (text.size() != 19) {
        return errc::not_an_app_password;
    }
    for (std::size_t index = 0; index < text.size(); ++index) {
        bool const fits = index % 5 == 4 ? text[index] == '-' : is_plain(text[index]);
        if (!fits) {
            return errc::not_an_app_password;
        }
    }
    return crypto::secret::copy_of(text);
}

} // namespace connectd::platforms::bluesky

#include "server/services/proxy/target.hpp"

#include <algorithm>
#include <charconv>

namespace connectd::server::services::proxy {
namespace {

// Servers behind servers decode more than once; four times is more than any chain of them does.
constexpr int most_decodings = 4;

bool is_visible(char c) noexcept {
    return c > 0x20 && c < 0x7f;
}

// Decodes the escapes that are well-formed and leaves the rest, as a lenient server does.
std::string decoded_once(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned value = 0;
        char const* const digits = text.data() + at + 1;
        if (text[at] == '%' && at + 2 < text.size() &&
            std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
            out.push_back(static_cast<char>(value));
            at += 2;
        } else {
            out.push_back(text[at]);
        }
    }
    return out;
}

// Some servers take a backslash for a slash, and drop what follows a semicolon within a segment.
bool climbs(std::string_view path) {
    while (!path.empty()) {
        auto const end = std::min(path.find_first_of("/\\"), path.size());
        auto const segment = path.substr(0, end);
        if (segment.substr(0, segment.find(';')) == "..") {
            return true;
        }
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return false;
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

failure refused(std::string detail) {
    return {errc::proxy_request_refused, std::move(detail)};
}

outcome<void> check_path(std::string_view path) {
    if (!std::ranges::all_of(path, is_visible) || path.find('#') != path.npos) {
        return refused("The path has characters that no path can have.");
    }
    if (path.starts_with('/') || path.find("://") < path.find_first_of("/?")) {
        return refused("The path is to be given without the platform's address, as in \"proxy/users/me\".");
    }
    std::string text{path};
    for (int round = 0; round < most_decodings; ++round) {
        if (climbs(text) || has_control(text)) {
            return refused("The path would lead out of the platform's API.");
        }
        text = decoded_once(text);
    }
    return {};
}

bool is_beside(std::string_view path, std::span<std::string const> beside) {
    return std::ranges::any_of(beside, [path](std::string_view root) {
        auto const name = root.substr(1); // they begin with a slash
        return path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '/');
    });
}

std::string_view path_of(std::string_view base) {
    auto const authority = base.find("://");
    auto const begin = authority == base.npos ? base.npos : base.find('/', authority + 3);
    auto path = begin == base.npos ? std::string_view{} : base.substr(begin);
    path.remove_suffix(path.ends_with('/') ? 1 : 0);
    return path;
}

} // namespace

outcome<std::string> target_of(std::string_view base, std::span<std::string const> beside,
                               std::string_view path, std::string_view query) {
    if (auto const checked = check_path(path); checked.has_error()) {
        return checked.error();
    }
    if (!std::ranges::all_of(query, is_visible) || query.find('#') != query.npos) {
        return refused("The query has characters that no query can have.");
    }
    std::string target{is_beside(path, beside) ? std::string_view{} : path_of(base)};
    target.append("/").append(path);
    if (!query.empty()) {
        target.append("?").append(query);
    }
    return target;
}

} // namespace connectd::server::services::proxy

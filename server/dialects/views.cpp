#include "server/dialects/views.hpp"

#include "server/http/render.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace connectd::server::dialects {

std::string_view with_twitter(std::string_view platform) noexcept {
    return platform == "x" ? std::string_view{"twitter"} : platform;
}

std::optional<std::string> metadata_text(std::string_view metadata, std::string_view name) {
    auto const all = http::render_metadata(metadata);
    auto const* members = all.if_object();
    auto const* value = members == nullptr ? nullptr : members->if_contains(name);
    return value != nullptr && value->is_string() ? std::optional{std::string{value->get_string()}}
                                                  : std::nullopt;
}

bool is_slug(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::string slug_from(std::string_view name) {
    std::string slug;
    for (char const c : name) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            slug += c;
        } else if (c >= 'A' && c <= 'Z') {
            slug += static_cast<char>(c - 'A' + 'a');
        } else if (!slug.empty() && slug.back() != '-') {
            slug += '-';
        }
    }
    return slug.substr(0, 64);
}

} // namespace connectd::server::dialects

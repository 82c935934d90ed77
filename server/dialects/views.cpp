#include "server/dialects/views.hpp"

#include "server/http/render.hpp"

#include <boost/json/object.hpp>

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

} // namespace connectd::server::dialects

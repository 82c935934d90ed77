#include "tools/sandbox/facebook/facebook_platform.hpp"

#include "tools/sandbox/facebook/debug_token.hpp"
#include "tools/sandbox/facebook/rules.hpp"
#include "tools/sandbox/graph/versions.hpp"

#include <array>

namespace connectd::sandbox::facebook {
namespace {

// What follows the node of a path names its endpoint.
constexpr std::array<std::string_view, 9> edges{"permissions", "accounts",      "businesses",
                                                "owned_pages", "client_pages",  "feed",
                                                "media",       "media_publish", "content_publishing_limit"};

} // namespace

facebook_platform::facebook_platform(platform_parts const& parts)
    : graph_platform{rules(), parts, "GraphMethodException", "pages"},
      token_endpoint_{apps(), grants(), gate(), switches()},
      api_{grants(), posts(), events(), gate(), switches(), url()} {}

platform::config_lines facebook_platform::configuration() const {
    auto const base = url() + "/" + std::string{graph::current_version};
    auto const token = base + std::string{token_path};
    return {{"authorize_url", base + std::string{dialog_path}},
            {"token_url", token},
            {"long_lived_url", token},
            {"refresh_url", token},
            {"revoke_url", base + "/me/permissions"},
            {"identity_url", base + "/me"},
            {"candidates_url", base + "/me/accounts"},
            {"api_base", base}};
}

std::vector<platform::config_table> facebook_platform::configuration_tables() const {
    return {{"facebook", configuration()}, {"instagram-facebook", configuration()}};
}

std::span<std::string_view const> facebook_platform::traits() const {
    static constexpr std::array<std::string_view, 1> names{role_trait};
    return names;
}

std::span<std::string_view const> facebook_platform::switch_names() const {
    static constexpr std::array names{no_expiry_switch, shallow_switch, graph::dead_token_switch};
    return names;
}

std::span<std::string_view const> facebook_platform::endpoints() const {
    static constexpr std::array<std::string_view, 17> names{"authorize",
                                                            "consent",
                                                            "token",
                                                            "exchange",
                                                            "me",
                                                            "permissions",
                                                            "accounts",
                                                            "businesses",
                                                            "owned_pages",
                                                            "client_pages",
                                                            "feed",
                                                            "media",
                                                            "media_publish",
                                                            "content_publishing_limit",
                                                            "debug_token",
                                                            "node",
                                                            "other"};
    return names;
}

std::string_view facebook_platform::endpoint(call const& request) const {
    auto const path = graph::split_version(request.path, {}).path;
    if (path == token_path) {
        constexpr std::string_view exchange = "grant_type=fb_exchange_token";
        bool const again = request.query.find(exchange) != std::string_view::npos ||
                           request.body.find(exchange) != std::string_view::npos;
        return again ? "exchange" : "token";
    }
    if (path == dialog_path)
        return request.method == "POST" ? "consent" : "authorize";
    if (path == "/debug_token")
        return "debug_token";
    if (path == "/me")
        return "me";
    if (path.starts_with(picture_folder) || path == "/")
        return "other";
    auto const parts = graph::segments(path);
    if (parts.size() == 1)
        return "node";
    auto const edge = std::ranges::find(edges, parts[1]);
    return edge == edges.end() ? std::string_view{"other"} : *edge;
}

reply facebook_platform::dialog(call const& request, sys_ms now) {
    if (request.method == "POST")
        return authorization().decide(request, now);
    return authorization().page(request, now);
}

reply facebook_platform::answer(call const& request, sys_ms now) {
    auto const split = graph::split_version(request.path, now);
    auto const path = split.path;
    if (path == dialog_path)
        return dialog(request, now);
    if (path.starts_with(picture_folder))
        return picture(request);
    auto answer = [&] {
        if (path == token_path)
            return token_endpoint_.token(request, now);
        auto read = read_call(request, path, now);
        if (auto* const refusal = std::get_if<reply>(&read))
            return std::move(*refusal);
        auto const& asked = std::get<graph::graph_call>(read);
        if (path == "/debug_token")
            return debug_token(asked, apps(), grants(), persons(), gate());
        return api_.answer(asked, split.served_by);
    }();
    answer.headers.emplace_back("facebook-api-version", split.served_by);
    return answer;
}

void facebook_platform::reset() {
    graph_platform::reset();
    api_.clear();
}

} // namespace connectd::sandbox::facebook

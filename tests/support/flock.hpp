// Invented platforms whose consents reach more than one account, as an operator would write them: flock has
// pages with tokens of their own, flockpics lives off the same app, and tick revokes living tokens only.
#pragma once

#include "platforms/catalog.hpp"
#include "tests/support/scratch_folder.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace connectd::tests {

// `origin` is where they are, "https://flock.example".
inline void write_flock_platforms(scratch_folder const& folder, std::string_view origin) {
    auto const write = [&](std::string_view name, std::string text) {
        constexpr std::string_view here = "HERE";
        for (auto at = text.find(here); at != std::string::npos; at = text.find(here, at)) {
            text.replace(at, here.size(), origin);
        }
        folder.write(std::string{name} + ".json", text);
    };
    constexpr std::string_view flock = R"({
      "name": "NAME", "title": "Flock", MORE
      "endpoints": {
        "authorize_url": "HERE/authorize", "token_url": "HERE/token", "revoke_url": "HERE/permissions",
        "identity_url": "HERE/me", "candidates_url": "HERE/pages"
      },
      "pkce": "none",
      "refresh": {"model": "extend", "grant_type": "extend", "token_parameter": "access_token"},
      "revoke": {
        "method": "DELETE", "tokens": ["access"], "token_parameter": "", "bearer": true,
        "ends_sibling_accounts": true, "grant_token": true
      },
      "identity": {"id": "/id", "display_name": "/name"},
      "candidates": {
        "kind": "page", "list": "/data", "id": "/id", "username": "/username", "display_name": "/name",
        "avatar_url": "/picture", "access_token": "/token"
      },
      "nothing_to_connect": {"code": "flock.pages.none", "help": "Tick a page in Flock's window."}
    })";
    auto const variant = [&](std::string_view name, std::string_view more) {
        std::string text{flock};
        text.replace(text.find("NAME"), 4, name);
        text.replace(text.find("MORE"), 4, more);
        return text;
    };
    write("flock", variant("flock", ""));
    write("flockpics", variant("flockpics", R"("app_platform": "flock",)"));
    write("tick", R"({
      "name": "tick", "title": "Tick",
      "endpoints": {
        "authorize_url": "HERE/authorize", "token_url": "HERE/token", "revoke_url": "HERE/revoke",
        "identity_url": "HERE/me"
      },
      "refresh": {"model": "rotating", "access_lifetime": 7200},
      "revoke": {"tokens": ["access"], "refresh_first": true},
      "identity": {"id": "/id"}
    })");
}

// A catalog of these beside the built-in platforms.
inline platforms::catalog flock_catalog(std::string_view origin) {
    scratch_folder const folder;
    write_flock_platforms(folder, origin);
    platforms::catalog_sources sources;
    sources.folder = folder.path();
    auto load = platforms::load_catalog(sources);
    if (!load.loaded) {
        throw std::logic_error(platforms::to_string(load.problems.front()));
    }
    return std::move(*load.loaded);
}

} // namespace connectd::tests

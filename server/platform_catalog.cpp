#include "server/platform_catalog.hpp"

#include "server/start_error.hpp"

#include <string>
#include <utility>

namespace connectd::server {

platforms::catalog load_platforms(config const& settings) {
    platforms::catalog_sources sources;
    sources.folder = settings.platforms_dir;
    for (auto const& [name, chosen] : settings.platforms) {
        if (!chosen.endpoints.empty()) {
            sources.endpoint_overrides.emplace(name, chosen.endpoints);
        }
    }
    auto load = platforms::load_catalog(sources);
    if (!load.loaded) {
        std::string text = "The platforms cannot be loaded:";
        for (auto const& problem : load.problems) {
            text += "\n  " + to_string(problem);
        }
        throw start_error(text);
    }
    for (auto const& [name, chosen] : settings.platforms) {
        if (load.loaded->find(name) == nullptr) {
            throw start_error("[platforms." + name + "] configures a platform that does not exist.");
        }
    }
    return std::move(*load.loaded);
}

} // namespace connectd::server

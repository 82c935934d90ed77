#include "server/commands/platforms.hpp"

#include "server/api/platforms.hpp"
#include "server/platform_catalog.hpp"
#include "server/service_settings.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace connectd::server::commands {
namespace {

using row = std::array<std::string, 7>;

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

// What a session asks for that names no scopes.
std::vector<std::string> usual_scopes(services::platform_view const& shown) {
    auto scopes = shown.scopes.defaults;
    std::ranges::copy_if(shown.scopes.required, std::back_inserter(scopes), [&](std::string const& scope) {
        return std::ranges::find(scopes, scope) == scopes.end();
    });
    return scopes;
}

std::string or_dash(std::string text) {
    return text.empty() ? "-" : std::move(text);
}

// What has to be there before an account can be connected.
std::string needs(services::platform_view const& shown) {
    if (shown.wants_instance) {
        return "instance"; // named by the session; the app registers itself
    }
    if (!shown.needs_credentials) {
        return "-";
    }
    return shown.wants_issuer ? "app with issuer" : "app";
}

row row_of(services::platform_view const& shown, std::string_view source) {
    return {shown.name,
            shown.title,
            needs(shown),
            std::string{shown.refresh.model},
            or_dash(shown.redirect_uri),
            std::string{source},
            or_dash(joined(usual_scopes(shown)))};
}

// Characters, of which some take more than a byte.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void print_table(std::vector<row> const& rows) {
    std::array<std::size_t, std::tuple_size_v<row>> widths{};
    for (auto const& line : rows) {
        for (std::size_t column = 0; column < line.size(); ++column) {
            widths[column] = std::max(widths[column], width(line[column]));
        }
    }
    for (auto const& line : rows) {
        std::string text;
        for (std::size_t column = 0; column < line.size(); ++column) {
            text += line[column];
            if (column + 1 < line.size()) {
                text.append(widths[column] - width(line[column]) + 2, ' ');
            }
        }
        std::printf("%s\n", text.c_str());
    }
}

void list(common_flags const& flags, bool as_json) {
    auto const settings = load_config(flags);
    auto const catalog = load_platforms(settings);
    auto chosen = make_service_settings(settings, catalog);
    if (as_json && settings.public_url) {
        chosen.public_url = *settings.public_url;
    }
    std::vector<row> rows{{"NAME", "TITLE", "NEEDS", "REFRESH", "REDIRECT URI PATH", "FROM", "SCOPES"}};
    boost::json::array all;
    for (auto const* platform : catalog.all()) {
        auto const shown = services::view(*platform, chosen);
        auto const source = catalog.source_of(*platform);
        rows.push_back(row_of(shown, source));
        auto object = api::to_json(shown);
        object.erase("credentials_configured"); // which only a workspace has
        object["source"] = source;
        all.push_back(std::move(object));
    }
    if (as_json) {
        std::printf("%s\n", boost::json::serialize(all).c_str());
    } else {
        print_table(rows);
    }
}

// With the built-in ones beside them, as at a start: a name or an alias can be taken.
void check(std::vector<std::filesystem::path> const& files) {
    platforms::catalog_sources sources;
    sources.files = files;
    auto const load = platforms::load_catalog(sources);
    for (auto const& problem : load.problems) {
        std::fprintf(stderr, "%s\n", to_string(problem).c_str());
    }
    if (!load.loaded) {
        throw CLI::RuntimeError(1);
    }
    for (auto const* platform : load.loaded->all()) {
        auto const source = load.loaded->source_of(*platform);
        if (std::ranges::find(files, std::filesystem::path{source}) == files.end()) {
            continue;
        }
        auto const shown = services::view(*platform, {});
        std::printf("%s is good: %s (%s), %s, refresh %s, scopes %s\n", std::string{source}.c_str(),
                    shown.name.c_str(), shown.title.c_str(), std::string{shown.connect}.c_str(),
                    std::string{shown.refresh.model}.c_str(), or_dash(joined(usual_scopes(shown))).c_str());
    }
}

void add_list(CLI::App& platforms) {
    auto* command = platforms.add_subcommand("list", "Show every platform, the built-in ones and your own");
    auto const flags = std::make_shared<common_flags>(); // lives as long as the parsed command
    auto const as_json = std::make_shared<bool>(false);
    add_platform_flags(*command, *flags);
    command->add_flag("--json", *as_json, "Everything that is known, as JSON");
    command->callback([flags, as_json] { list(*flags, *as_json); });
}

void add_check(CLI::App& platforms) {
    auto* command = platforms.add_subcommand(
        "check", "Say what is wrong in platform files, and where; ends with 1 when anything is");
    auto const files = std::make_shared<std::vector<std::filesystem::path>>();
    command->add_option("files", *files, "Platform files (platforms/README.md)")
        ->type_name("FILE")
        ->required();
    command->callback([files] { check(*files); });
}

} // namespace

void add_platforms(CLI::App& program) {
    auto* command = program.add_subcommand("platforms", "What can be connected, and checking platform files");
    command->require_subcommand(1);
    add_list(*command);
    add_check(*command);
}

} // namespace connectd::server::commands

#include "platforms/catalog.hpp"

#include "platforms/descriptor_parse.hpp"
#include "platforms/embedded_catalog.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace connectd::platforms {
namespace {

constexpr std::string_view built_in_prefix = "built-in ";

} // namespace

// Gathers descriptors by name, later ones over earlier ones, then builds the lookup.
struct catalog_builder {
    struct entry {
        descriptor parsed;
        std::string file;
    };

    std::map<std::string, entry> entries;
    std::vector<problem> problems;

    void add(std::string_view content, std::string const& file, bool may_replace) {
        auto read = parse_descriptor(content, file);
        problems.insert(problems.end(), read.problems.begin(), read.problems.end());
        if (!read.problems.empty()) {
            return;
        }
        auto const name = read.parsed.name;
        auto const known = entries.find(name);
        if (known != entries.end() && !may_replace) {
            problems.push_back(
                {file, "/name", "is the name of the platform in " + known->second.file + " too"});
        } else {
            entries.insert_or_assign(name, entry{std::move(read.parsed), file});
        }
    }

    void add_folder(std::filesystem::path const& folder) {
        std::error_code error;
        std::vector<std::filesystem::path> files;
        auto const end = std::filesystem::directory_iterator{};
        for (std::filesystem::directory_iterator item(folder, error); !error && item != end;
             item.increment(error)) {
            if (item->path().extension() == ".json") {
                files.push_back(item->path());
            }
        }
        if (error) {
            problems.push_back({folder.string(), "", "cannot be read: " + error.message()});
            return;
        }
        std::sort(files.begin(), files.end());
        add_files(files);
    }

    void add_files(std::vector<std::filesystem::path> const& files) {
        std::map<std::string, std::string> owners; // one name twice in one list is a slip, not an override
        for (auto const& file : files) {
            std::error_code error;
            if (std::filesystem::is_directory(file, error)) {
                problems.push_back({file.string(), "", "is a folder"});
                continue;
            }
            std::ifstream stream(file, std::ios::binary);
            std::string const content(std::istreambuf_iterator<char>(stream), {});
            if (!stream) {
                problems.push_back({file.string(), "", "cannot be read"});
                continue;
            }
            auto const name = parse_descriptor(content, "").parsed.name;
            auto const [owner, first] = owners.emplace(name, file.string());
            add(content, file.string(), first || name.empty());
        }
    }

    descriptor* named(std::string const& name_or_alias) {
        for (auto& [name, item] : entries) {
            auto const& aliases = item.parsed.aliases;
            if (name == name_or_alias ||
                std::find(aliases.begin(), aliases.end(), name_or_alias) != aliases.end()) {
                return &item.parsed;
            }
        }
        return nullptr;
    }

    void override_endpoints(catalog_sources const& sources) {
        for (auto const& [name, endpoints] : sources.endpoint_overrides) {
            auto* const found = named(name);
            auto const base = "/platforms/" + name;
            if (found == nullptr) {
                problems.push_back({"config", base, "is not a platform of this catalog"});
                continue;
            }
            for (auto const& [endpoint, url] : endpoints) {
                auto sentence = override_endpoint(*found, endpoint, url);
                if (!sentence.empty()) {
                    problems.push_back({"config", base + "/" + endpoint, std::move(sentence)});
                }
            }
        }
    }

    // An alias becomes the name it stands for.
    void resolve_app_platforms() {
        for (auto& [name, item] : entries) {
            auto& apps = item.parsed.app_platform;
            auto const* const found = apps.empty() ? nullptr : named(apps);
            if (found != nullptr) {
                apps = found->name;
            } else if (!apps.empty()) {
                problems.push_back({item.file, "/app_platform", "is not a platform of this catalog"});
            }
        }
    }

    // Those of the built-in platforms come first, so that of two files that clash the operator's is to blame.
    void add_aliases(catalog& built, bool of_built_in) {
        for (auto const& platform : built.descriptors_) {
            auto const& file = built.sources_[platform->name];
            if (file.starts_with(built_in_prefix) != of_built_in) {
                continue;
            }
            for (std::size_t index = 0; index < platform->aliases.size(); ++index) {
                auto const [taken, added] = built.by_name_.emplace(platform->aliases[index], platform.get());
                if (!added) {
                    problems.push_back({file, "/aliases/" + std::to_string(index),
                                        "is taken by the platform \"" + taken->second->name + "\""});
                }
            }
        }
    }

    catalog build() {
        catalog built;
        for (auto& [name, item] : entries) {
            built.sources_.emplace(name, std::move(item.file));
            built.descriptors_.push_back(std::make_unique<descriptor const>(std::move(item.parsed)));
            built.by_name_.emplace(name, built.descriptors_.back().get());
        }
        add_aliases(built, true);
        add_aliases(built, false);
        return built;
    }
};

descriptor const* catalog::find(std::string_view name_or_alias) const noexcept {
    auto const found = by_name_.find(name_or_alias);
    return found == by_name_.end() ? nullptr : found->second;
}

std::vector<descriptor const*> catalog::all() const {
    std::vector<descriptor const*> list;
    list.reserve(descriptors_.size());
    for (auto const& platform : descriptors_) {
        list.push_back(platform.get());
    }
    return list;
}

std::string_view catalog::source_of(descriptor const& platform) const noexcept {
    auto const found = sources_.find(platform.name);
    return found == sources_.end() ? std::string_view{} : found->second;
}

catalog_load load_catalog(catalog_sources const& sources) {
    catalog_builder builder;
    if (sources.built_in) {
        for (auto const& file : embedded_catalog()) {
            builder.add(file.content, std::string(built_in_prefix) + std::string(file.name), false);
        }
    }
    if (sources.folder) {
        builder.add_folder(*sources.folder);
    }
    builder.add_files(sources.files);
    builder.override_endpoints(sources);
    builder.resolve_app_platforms();
    auto built = builder.build();
    if (!builder.problems.empty()) {
        return {std::nullopt, std::move(builder.problems)};
    }
    return {std::move(built), {}};
}

catalog built_in_catalog() {
    auto load = load_catalog({});
    if (!load.loaded) {
        throw std::logic_error("embedded platform file: " + to_string(load.problems.front()));
    }
    return std::move(*load.loaded);
}

} // namespace connectd::platforms

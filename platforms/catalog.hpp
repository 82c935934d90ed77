// All platforms this process knows: the built-in ones, the operator's files over them, endpoint overrides
// over both.
//
// Thread safety: immutable after loading; const members may be called from every thread. References returned
// stay valid as long as the catalog (also when it is moved).
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/problem.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::platforms {

struct catalog_sources {
    bool built_in = true;
    std::optional<std::filesystem::path>
        folder; // every *.json in it, by name; a known name replaces that platform
    std::vector<std::filesystem::path> files = {}; // after those of the folder
    // platform -> endpoint name -> URL
    std::map<std::string, std::map<std::string, std::string>> endpoint_overrides;
};

class catalog {
  public:
    // The platform of that name or alias, or null. Names are lower case.
    descriptor const* find(std::string_view name_or_alias) const noexcept;

    // Sorted by name.
    std::vector<descriptor const*> all() const;

    // The file that `platform`, one of this catalog, was read from: "built-in x.json" or a path.
    std::string_view source_of(descriptor const& platform) const noexcept;

  private:
    friend struct catalog_builder;

    std::vector<std::unique_ptr<descriptor const>> descriptors_;
    std::map<std::string, descriptor const*, std::less<>> by_name_;
    std::map<std::string, std::string, std::less<>> sources_; // by name
};

// `loaded` is empty exactly when there are problems.
struct catalog_load {
    std::optional<catalog> loaded;
    std::vector<problem> problems;
};

// Reads files: start-up only, not for an I/O thread.
catalog_load load_catalog(catalog_sources const& sources);

// The catalog of the embedded files alone. Throws std::logic_error when one is invalid (a test validates
// them).
catalog built_in_catalog();

} // namespace connectd::platforms

#pragma once

// Makes the `config` of this process from a TOML file, the environment and the command line. Flags win over
// the environment, the environment over the file, the file over the defaults; each of them is checked even
// where another wins.
//
// The environment name of a key is CONNECTD_ and the key in upper case with `_` for `.`: CONNECTD_LISTEN,
// CONNECTD_OUTBOUND_CA_FILE, CONNECTD_PLATFORMS_X_TOKEN_URL. Lists are separated by commas there, and a
// variable without text counts as not set. Paths are relative to the folder the process was started in,
// whatever source they come from.
//
// Called once, at start, from one thread.

#include "server/config.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server {

// What the command line can say. Set members only; each is text as typed and is checked like a value of the
// file.
struct config_flags {
    std::optional<std::string> data_dir{};
    std::vector<std::string> listen{};
    std::optional<std::string> public_url{};
    std::optional<std::string> platforms_dir{};
    std::optional<std::string> log_level{};
    std::optional<std::string> log_format{};
};

struct config_problem {
    std::string where; // "connectd.toml:12", "environment CONNECTD_LISTEN", "flag --listen"
    std::string key;   // "limits.body_bytes"
    std::string text;
    bool operator==(config_problem const&) const = default;
};

// Carries every problem that was found; what() is all of them, a line each.
class config_error : public std::runtime_error {
  public:
    explicit config_error(std::vector<config_problem> found);

    std::vector<config_problem> const& problems() const noexcept { return problems_; }

  private:
    std::vector<config_problem> problems_;
};

// Names the file where no flag does; it is not a setting itself.
inline constexpr std::string_view config_file_variable = "CONNECTD_CONFIG";

using environment_map = std::map<std::string, std::string>;

// The variables of this process whose names begin with CONNECTD_.
environment_map connectd_environment();

struct config_text {
    std::string name; // in messages
    std::string toml;
};

// Throws config_error with everything that is wrong.
config make_config(std::optional<config_text> const& file, environment_map const& environment,
                   config_flags const& flags);

// The same with a file that is read first. No file: environment and flags only. A file that is named but
// cannot be read is a problem like any other.
config load_config(std::optional<std::filesystem::path> const& file, environment_map const& environment,
                   config_flags const& flags);

} // namespace connectd::server

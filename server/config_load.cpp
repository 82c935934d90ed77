#include "server/config_load.hpp"

#include "server/config_file.hpp"
#include "server/config_keys.hpp"
#include "server/config_settings.hpp"
#include "server/config_values.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include <unistd.h>

namespace connectd::server {

namespace {

std::string message_of(std::vector<config_problem> const& problems) {
    std::string text;
    for (auto const& [where, key, what] : problems) {
        text += text.empty() ? "" : "\n";
        text += where + ": " + (key.empty() ? "" : key + ": ") + what;
    }
    return text;
}

// One load: what has been read so far, where it came from, and what was wrong.
class loading {
  public:
    void read_file(config_text const& file);
    void read_environment(environment_map const& environment);
    void read_flags(config_flags const& flags);
    void check_whole(environment_map const& environment);
    config finish();

  private:
    void apply(std::string const& where, std::string const& key, raw_value const& value);
    void report(std::string where, std::string key, std::string text);
    void report_of(std::string const& key, std::string text);
    void report_unknown(std::string where, std::string const& key);
    void check_tls();
    void check_public_url();
    void check_platform_urls();
    void check_quickstart();
    void check_variables(environment_map const& environment);
    bool holds_secret(std::string_view variable) const;

    config made_{};
    std::map<std::string, std::string> origins_{}; // key -> where its value came from
    std::vector<config_problem> problems_{};
};

void loading::report(std::string where, std::string key, std::string text) {
    problems_.push_back({std::move(where), std::move(key), std::move(text)});
}

// A problem of the value that is in force.
void loading::report_of(std::string const& key, std::string text) {
    auto const found = origins_.find(key);
    report(found == origins_.end() ? "configuration" : found->second, key, std::move(text));
}

void loading::report_unknown(std::string where, std::string const& key) {
    auto const meant = meant_key(key, known_keys());
    report(std::move(where), key, meant ? "is unknown, did you mean \"" + *meant + "\"?" : "is unknown");
}

void loading::apply(std::string const& where, std::string const& key, raw_value const& value) {
    origins_[key] = where;
    if (auto wrong = apply_setting(made_, key, value)) {
        report(where, key, std::move(*wrong));
    }
}

void loading::read_file(config_text const& file) {
    auto const read = read_toml(file.toml);
    if (read.error) {
        report(file.name + ':' + std::to_string(read.error->line), "", read.error->text);
        return;
    }
    auto entries = read.entries;
    // A table stands on the line of its first member at the latest, and its name is shorter.
    std::sort(entries.begin(), entries.end(), [](file_entry const& left, file_entry const& right) {
        return std::tie(left.line, left.key) < std::tie(right.line, right.key);
    });
    std::set<std::string> unknown_tables; // reported once, not again for each key in them
    for (auto const& [key, value, is_table, line] : entries) {
        auto const where = file.name + ':' + std::to_string(line);
        bool const inside_unknown =
            std::any_of(unknown_tables.begin(), unknown_tables.end(),
                        [&key](std::string const& table) { return key.starts_with(table + '.'); });
        bool const known_key = is_known_key(key, known_keys());
        bool const known_table = is_known_table(key, known_keys());
        if (inside_unknown || (is_table && known_table)) {
            continue;
        }
        if (known_key) {
            apply(where, key, value);
        } else if (known_table) {
            report(where, key, "must be a table, [" + key + "]");
        } else {
            report_unknown(where, key);
        }
        if (is_table) {
            unknown_tables.insert(key);
        }
    }
}

// Whether a cluster made the variable for a service called connectd: CONNECTD_SERVICE_HOST,
// CONNECTD_PORT=tcp://...
bool is_service_link(std::string_view variable, std::string_view value) {
    bool const address = value.starts_with("tcp://") || value.starts_with("udp://");
    return variable.starts_with("CONNECTD_SERVICE_") || variable.starts_with("CONNECTD_PORT_") ||
           (variable == "CONNECTD_PORT" && address);
}

void loading::read_environment(environment_map const& environment) {
    for (auto const& [variable, text] : environment) {
        auto const key = key_of_environment(variable, known_keys());
        // An empty variable is one that is not set: many tools cannot leave one out.
        if (key && !text.empty()) {
            apply("environment " + variable, *key, {text, true});
        }
    }
}

bool loading::holds_secret(std::string_view variable) const {
    auto const is_it = [variable](secret_source const& source) {
        return source.from == secret_source::kind::environment && source.name == variable;
    };
    return std::any_of(made_.master_keys.begin(), made_.master_keys.end(), is_it) ||
           std::any_of(made_.quickstart.begin(), made_.quickstart.end(), [&](auto const& app) {
               return app.second.client_secret && is_it(*app.second.client_secret);
           });
}

// Runs after all sources are read, because the places of secrets may name any variable.
void loading::check_variables(environment_map const& environment) {
    for (auto const& [variable, text] : environment) {
        if (!variable.starts_with("CONNECTD_") || key_of_environment(variable, known_keys()) ||
            variable == config_file_variable || holds_secret(variable) || is_service_link(variable, text)) {
            continue;
        }
        auto const meant = meant_variable(variable, known_keys());
        report("environment " + variable, "",
               meant ? "is no setting, did you mean " + *meant + "?" : "is no setting");
    }
}

void loading::read_flags(config_flags const& flags) {
    auto const one = [this](std::string const& flag, std::string const& key,
                            std::optional<std::string> const& text) {
        if (text) {
            apply("flag " + flag, key, {*text, true});
        }
    };
    one("--data-dir", "data_dir", flags.data_dir);
    one("--public-url", "public_url", flags.public_url);
    one("--platforms-dir", "platforms_dir", flags.platforms_dir);
    one("--log-level", "log.level", flags.log_level);
    one("--log-format", "log.format", flags.log_format);
    if (!flags.listen.empty()) {
        apply("flag --listen", "listen", {flags.listen, true});
    }
}

void loading::check_tls() {
    if (!made_.tls) {
        return;
    }
    if (made_.tls->key.empty() && origins_.contains("tls.certificate")) {
        report_of("tls.certificate", "needs tls.key beside it");
    }
    if (made_.tls->certificate.empty() && origins_.contains("tls.key")) {
        report_of("tls.key", "needs tls.certificate beside it");
    }
}

// The URL that would follow from the address must itself be one that may be configured.
void loading::check_public_url() {
    if (made_.public_url || origins_.contains("public_url") || made_.listen.empty()) {
        return;
    }
    auto const derived = public_url_of(made_, made_.listen.front());
    if (made_.listen.front().port() != 0 && !parse_public_url(derived)) {
        report_of("listen",
                  "is an address that others can reach, so public_url must be set (or TLS be configured)");
    }
}

void loading::check_platform_urls() {
    for (auto const& [name, platform] : made_.platforms) {
        for (auto const& [endpoint, url] : platform.endpoints) {
            if (auto const checked = parse_endpoint_url(url, made_.outbound.allow_http); !checked) {
                report_of("platforms." + name + '.' + endpoint, in_quotes(url) + ' ' + checked.problem());
            }
        }
    }
}

// A problem of a section is one of whichever of its keys are there.
void loading::check_quickstart() {
    for (auto const& [name, app] : made_.quickstart) {
        if (!app.client_id.empty()) {
            continue;
        }
        for (auto const& [key, where] : origins_) {
            if (key.starts_with("quickstart." + name + '.') && !key.ends_with(".client_id")) {
                report_of(key, "needs quickstart." + name + ".client_id beside it");
            }
        }
    }
}

void loading::check_whole(environment_map const& environment) {
    check_tls();
    check_public_url();
    check_platform_urls();
    check_quickstart();
    check_variables(environment);
    if (!made_.plans.contains(made_.default_plan)) {
        report_of("plans.default", in_quotes(made_.default_plan) + " is no plan of the table");
    }
    if (made_.connect.exchange_timeout > made_.limits.request_timeout) {
        bool const own = origins_.contains("connect.exchange_timeout");
        report_of(own ? "connect.exchange_timeout" : "limits.request_timeout",
                  "the exchange of a code (connect.exchange_timeout) must fit into limits.request_timeout");
    }
}

parsed<std::string> read_whole(std::filesystem::path const& path) {
    auto const failed = [] {
        return parsed<std::string>::problem(std::error_code{errno, std::generic_category()}.message());
    };
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file{std::fopen(path.c_str(), "rb"), &std::fclose};
    if (!file) {
        return failed();
    }
    std::string text;
    std::array<char, 4096> part{};
    while (auto const size = std::fread(part.data(), 1, part.size(), file.get())) {
        text.append(part.data(), size);
    }
    return std::ferror(file.get()) != 0 ? failed() : parsed<std::string>{std::move(text)};
}

config loading::finish() {
    if (!problems_.empty()) {
        throw config_error{std::move(problems_)};
    }
    return std::move(made_);
}

} // namespace

config_error::config_error(std::vector<config_problem> found)
    : std::runtime_error{message_of(found)}, problems_{std::move(found)} {}

environment_map connectd_environment() {
    environment_map variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view const text{*entry};
        auto const equals = text.find('=');
        if (text.starts_with("CONNECTD_") && equals != std::string_view::npos) {
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return variables;
}

config make_config(std::optional<config_text> const& file, environment_map const& environment,
                   config_flags const& flags) {
    loading load;
    if (file) {
        load.read_file(*file);
    }
    load.read_environment(environment);
    load.read_flags(flags);
    load.check_whole(environment);
    return load.finish();
}

config load_config(std::optional<std::filesystem::path> const& file, environment_map const& environment,
                   config_flags const& flags) {
    if (!file) {
        return make_config(std::nullopt, environment, flags);
    }
    auto const text = read_whole(*file);
    if (!text) {
        throw config_error{{{file->string(), "", "cannot be read: " + text.problem()}}};
    }
    return make_config(config_text{file->string(), *text}, environment, flags);
}

} // namespace connectd::server

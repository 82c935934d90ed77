#include "server/config_keys.hpp"

#include "server/config_values.hpp"

#include <algorithm>

namespace connectd::server {

namespace {

constexpr std::string_view any_name = "NAME";

std::string with_name(std::string key, std::string const& name) {
    auto const at = key.find(any_name);
    return at == std::string::npos ? key : key.replace(at, any_name.size(), name);
}

std::string lower_case(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

std::string_view last_part(std::string_view key) {
    return key.substr(key.rfind('.') + 1);
}

} // namespace

key_pattern pattern_of(std::string_view key) {
    for (std::string_view const head : {"dialects.", "plans.", "platforms.", "quickstart."}) {
        auto const rest = key.starts_with(head) ? key.substr(head.size()) : std::string_view{};
        auto const dot = rest.find('.');
        if (!rest.empty() && dot != std::string_view::npos) {
            return {std::string{head} + std::string{any_name} + std::string{rest.substr(dot)},
                    std::string{rest.substr(0, dot)}};
        }
    }
    return {std::string{key}, {}};
}

bool is_known_key(std::string_view key, std::vector<std::string> const& known) {
    return std::find(known.begin(), known.end(), pattern_of(key).key) != known.end();
}

bool is_known_table(std::string_view key, std::vector<std::string> const& known) {
    // Whatever key could stand in that table has the pattern of one that does.
    auto const head = pattern_of(std::string{key} + ".x").key;
    auto const table = std::string_view{head}.substr(0, head.size() - 1);
    return std::any_of(known.begin(), known.end(),
                       [table](std::string const& each) { return each.starts_with(table); });
}

std::string environment_name(std::string_view key) {
    std::string variable = "CONNECTD_";
    for (char const c : key) {
        variable += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return variable;
}

std::optional<std::string> key_of_environment(std::string_view variable,
                                              std::vector<std::string> const& known) {
    for (auto const& key : known) {
        auto const name = environment_name(key);
        auto const at = name.find("_NAME_");
        if (at == std::string::npos) {
            if (variable == name) {
                return key;
            }
            continue;
        }
        auto const head = std::string_view{name}.substr(0, at + 1);
        auto const tail = std::string_view{name}.substr(at + 1 + any_name.size());
        if (variable.size() > head.size() + tail.size() && variable.starts_with(head) &&
            variable.ends_with(tail)) {
            auto const middle = variable.substr(head.size(), variable.size() - head.size() - tail.size());
            return with_name(key, lower_case(middle));
        }
    }
    return std::nullopt;
}

std::optional<std::string> meant_key(std::string_view unknown, std::vector<std::string> const& known) {
    auto const [key, name] = pattern_of(unknown);
    std::vector<std::string> candidates{known};
    for (auto const& each : known) {
        candidates.push_back(each.substr(0, each.find('.'))); // tables
    }
    if (auto const near = nearest(key, candidates)) {
        return with_name(*near, name);
    }
    // The right word in the wrong table.
    for (auto const& each : known) {
        if (last_part(each) == last_part(unknown)) {
            return with_name(each, name.empty() ? std::string{any_name} : name);
        }
    }
    return std::nullopt;
}

std::optional<std::string> meant_variable(std::string_view unknown, std::vector<std::string> const& known) {
    std::vector<std::string> candidates;
    for (auto const& each : known) {
        candidates.push_back(environment_name(each));
    }
    return nearest(unknown, candidates);
}

} // namespace connectd::server

#include "tools/sandbox/linkedin/projection.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace connectd::sandbox::linkedin {
namespace {

constexpr int deepest = 8;

// Reads one list in parentheses off the front of the text; nothing when it is not well formed.
std::optional<std::vector<projected>> read_list(std::string_view& text, int depth);

// Off the front of the text too: `name`, `name*`, `name~`, `name~:playableStreams`, each with children or
// none.
std::optional<projected> read_field(std::string_view& text, int depth) {
    auto const end = std::min(text.find_first_of(",()"), text.size());
    auto name = text.substr(0, end);
    text.remove_prefix(end);
    while (name.starts_with(' '))
        name.remove_prefix(1);
    projected field;
    if (auto const tilde = name.find('~'); tilde != std::string_view::npos) {
        field.decorated = true;
        name = name.substr(0, tilde);
    }
    if (name.size() > 1 && name.ends_with('*')) {
        field.each = true;
        name.remove_suffix(1);
    }
    field.name = name;
    if (name.empty())
        return std::nullopt;
    if (text.starts_with('(')) {
        auto children = read_list(text, depth + 1);
        if (!children)
            return std::nullopt;
        field.whole = false;
        field.children = std::move(*children);
    }
    return field;
}

std::optional<std::vector<projected>> read_list(std::string_view& text, int depth) {
    if (!text.starts_with('(') || depth > deepest)
        return std::nullopt;
    std::vector<projected> fields;
    do {
        text.remove_prefix(1);
        auto field = read_field(text, depth);
        if (!field)
            return std::nullopt;
        fields.push_back(std::move(*field));
    } while (text.starts_with(','));
    if (!text.starts_with(')'))
        return std::nullopt;
    text.remove_prefix(1);
    return fields;
}

boost::json::value narrow(boost::json::value const& value, projected const& field, lookup const& find) {
    if (field.whole)
        return value;
    if (field.each && value.is_array()) {
        boost::json::array items;
        for (auto const& item : value.get_array()) {
            if (item.is_object())
                items.push_back(project(item.get_object(), field.children, find));
        }
        return items;
    }
    return value.is_object() ? boost::json::value(project(value.get_object(), field.children, find)) : value;
}

void add(boost::json::object& into, boost::json::string_view name, boost::json::value const& value,
         projected const& field, lookup const& find) {
    if (!field.decorated || !value.is_string()) {
        into[name] = narrow(value, field, find);
        return;
    }
    into[name] = value;
    auto found = find(value.get_string());
    if (found)
        into[std::string{name} + "~"] = field.whole ? *found : project(*found, field.children, find);
}

} // namespace

std::optional<std::vector<projected>> parse_projection(std::string_view text) {
    auto fields = read_list(text, 0);
    return text.empty() ? std::move(fields) : std::nullopt;
}

bool decorates(std::vector<projected> const& wanted) {
    return std::ranges::any_of(
        wanted, [](projected const& field) { return field.decorated || decorates(field.children); });
}

boost::json::object project(boost::json::object const& from, std::vector<projected> const& wanted,
                            lookup const& find) {
    boost::json::object made;
    for (auto const& field : wanted) {
        if (field.name == "*") {
            for (auto const& [name, value] : from)
                made.emplace(name, value);
        } else if (auto const* const value = from.if_contains(field.name)) {
            add(made, field.name, *value, field, find);
        }
    }
    return made;
}

} // namespace connectd::sandbox::linkedin

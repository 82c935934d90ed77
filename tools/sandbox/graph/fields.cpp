#include "tools/sandbox/graph/fields.hpp"

#include <algorithm>

namespace connectd::sandbox::graph {
namespace {

constexpr int deepest = 8;

bool in_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class field_reader {
  public:
    explicit field_reader(std::string_view text) : rest_{text} {}

    // Until a closing brace or the end. False when anything else stands in the way.
    bool read(field_list& into, int depth) {
        if (depth > deepest)
            return false;
        while (true) {
            auto& one = into.emplace_back(field{name()});
            if (one.name.empty() || !read_modifiers(one))
                return false;
            if (take('{') && (!read(one.inner, depth + 1) || !take('}')))
                return false;
            if (!take(','))
                return true;
        }
    }
    bool at_end() const noexcept { return rest_.empty(); }

  private:
    std::string name() {
        auto const end = std::ranges::find_if_not(rest_, in_name);
        std::string found{rest_.begin(), end};
        rest_.remove_prefix(found.size());
        return found;
    }
    bool take(char wanted) {
        bool const there = rest_.starts_with(wanted);
        rest_.remove_prefix(there ? 1 : 0);
        return there;
    }
    bool read_modifiers(field& of) {
        while (take('.')) {
            auto const modifier = name();
            auto const end = rest_.find(')');
            if (modifier.empty() || !rest_.starts_with('(') || end == std::string_view::npos)
                return false;
            of.modifiers += "." + modifier + std::string{rest_.substr(0, end + 1)};
            rest_.remove_prefix(end + 1);
        }
        return true;
    }

    std::string_view rest_;
};

graph_error nonexisting(std::string_view name, std::string_view title) {
    return bad_parameter("Tried accessing nonexisting field (" + std::string{name} + ") on node type (" +
                         std::string{title} + ")");
}

} // namespace

member_value text(std::string_view value) {
    return boost::json::value(value);
}

member_value text_unless_empty(std::string_view value) {
    return value.empty() ? std::nullopt : text(value);
}

std::optional<field_list> parse_fields(std::string_view text) {
    field_list fields;
    if (text.empty())
        return fields;
    field_reader reader{text};
    bool const good = reader.read(fields, 0) && reader.at_end();
    return good ? std::optional{std::move(fields)} : std::nullopt;
}

object_or_error pick(std::string_view text, node_type const& type,
                     std::function<member_value(field const&)> const& member) {
    auto const fields = parse_fields(text);
    if (!fields) {
        auto error = known_error(2500);
        error.message = "Syntax error \"Expected end of string\" in the fields parameter";
        return error;
    }
    return pick(*fields, type, member);
}

object_or_error pick(field_list const& fields, node_type const& type,
                     std::function<member_value(field const&)> const& member) {
    auto const wanted = fields.empty() ? parse_fields(type.by_default).value() : fields;
    boost::json::object picked;
    for (auto const& each : wanted) {
        if (std::ranges::find(type.known, each.name) == type.known.end())
            return nonexisting(each.name, type.title);
        if (auto value = member(each))
            picked[each.name] = std::move(*value);
    }
    if (auto id = member(field{"id"}); id && !picked.contains("id"))
        picked["id"] = std::move(*id);
    return picked;
}

} // namespace connectd::sandbox::graph

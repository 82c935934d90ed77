// The `fields` parameter of Graph APIs:
// `id,name,picture.type(large),instagram_business_account{id,username}`. Naming fields drops the ones that
// come by default, and only `id` always comes along.
//
// Values and pure functions; any thread.
#pragma once

#include "tools/sandbox/graph/error.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace connectd::sandbox::graph {

struct field {
    std::string name;
    std::string modifiers{};    // ".type(large)", as it came
    std::vector<field> inner{}; // of an expansion in braces; empty: none was asked for
};

using field_list = std::vector<field>;

// Nothing when the text is malformed; no fields for an empty one.
std::optional<field_list> parse_fields(std::string_view text);

// What a kind of object has.
struct node_type {
    std::string_view title; // "Page", for errors
    std::span<std::string_view const> known;
    std::string_view by_default; // the fields of a request that names none
};

// The value of a member; nothing: this node lacks it, and it is left out.
using member_value = std::optional<boost::json::value>;
member_value text(std::string_view value);
member_value text_unless_empty(std::string_view value);

using object_or_error = std::variant<boost::json::object, graph_error>;

// The members of a node that `text` names, in that order, `id` in any case. `member` gives their values.
object_or_error pick(std::string_view text, node_type const& type,
                     std::function<member_value(field const&)> const& member);
object_or_error pick(field_list const& fields, node_type const& type,
                     std::function<member_value(field const&)> const& member);

} // namespace connectd::sandbox::graph

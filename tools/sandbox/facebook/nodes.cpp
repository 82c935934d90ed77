#include "tools/sandbox/facebook/nodes.hpp"

#include "tools/sandbox/graph/instagram_node.hpp"

#include <boost/json/array.hpp>

#include <array>

namespace connectd::sandbox::facebook {
namespace {

using graph::field;
using graph::member_value;
using graph::text;

constexpr std::array<std::string_view, 8> user_fields{"id",    "name",    "first_name", "last_name",
                                                      "email", "picture", "short_name", "name_format"};
constexpr std::array<std::string_view, 17> page_fields{"id",
                                                       "name",
                                                       "username",
                                                       "access_token",
                                                       "category",
                                                       "category_list",
                                                       "tasks",
                                                       "picture",
                                                       "link",
                                                       "about",
                                                       "fan_count",
                                                       "followers_count",
                                                       "is_published",
                                                       "business",
                                                       "instagram_business_account",
                                                       "connected_instagram_account",
                                                       "verification_status"};
constexpr std::array<std::string_view, 2> business_fields{"id", "name"};
constexpr graph::node_type user_type{"User", user_fields, "name,id"};
constexpr graph::node_type page_type{"Page", page_fields, "name,id"};
constexpr graph::node_type listed_page_type{"Page", page_fields,
                                            "access_token,category,category_list,name,id,tasks"};
constexpr graph::node_type business_type{"Business", business_fields, "id,name"};

std::string first_word(std::string const& name) {
    return name.substr(0, name.find(' '));
}

std::string last_word(std::string const& name) {
    return name.substr(name.rfind(' ') + 1);
}

} // namespace

boost::json::value nodes::picture(std::string_view id, bool silhouette, field const& wanted) const {
    bool const large = wanted.modifiers.find(".type(large)") != std::string::npos;
    auto const size = large ? 200 : 50;
    return boost::json::object{
        {"data", boost::json::object{{"height", size},
                                     {"is_silhouette", silhouette},
                                     {"url", url_ + "/pictures/" + std::string{id} + ".svg"},
                                     {"width", size}}}};
}

member_value nodes::user_member(viewer const& seen_by, field const& wanted) const {
    auto const& who = *seen_by.by().who;
    auto const& name = wanted.name;
    if (name == "id")
        return text(seen_by.user_id());
    if (name == "name")
        return text(who.display_name);
    if (name == "first_name" || name == "short_name")
        return text(first_word(who.display_name));
    if (name == "last_name")
        return text(last_word(who.display_name));
    if (name == "name_format")
        return text("{first} {last}");
    if (name == "email")
        return seen_by.may(scope::email) ? text(who.email) : std::nullopt;
    return picture(seen_by.user_id(), who.bare_profile, wanted);
}

graph::object_or_error nodes::user(viewer const& seen_by, std::string_view fields) const {
    return graph::pick(fields, user_type, [&](field const& wanted) { return user_member(seen_by, wanted); });
}

graph::object_or_error nodes::business(graph::business const& shown, std::string_view fields) const {
    return graph::pick(fields, business_type, [&](field const& wanted) {
        return text(wanted.name == "id" ? shown.id : shown.name);
    });
}

// A token made by a long-lived one has no end, any other ends with the one it is made by.
member_value nodes::page_token(viewer const& seen_by, graph::page const& shown, sys_ms now) const {
    if (shown.token_withheld)
        return std::nullopt;
    auto const& by = seen_by.by();
    bool const lasting = by.allowed.kind == oauth::token_kind::long_lived || !by.allowed.expires_in;
    auto const lifetime = lasting ? oauth::endless : *by.allowed.expires_in;
    auto const made = grants_.derive(by.token, shown.id, lifetime, now);
    auto const* const token = std::get_if<oauth::tokens>(&made);
    return token == nullptr ? std::nullopt : text(token->access_token);
}

member_value nodes::instagram(viewer const& seen_by, graph::page const& shown, field const& wanted) const {
    if (!shown.instagram || !seen_by.may(scope::instagram_basic))
        return std::nullopt;
    if (switches_.on(shallow_switch) || wanted.inner.empty())
        return boost::json::object{{"id", shown.instagram->id}};
    auto const node = graph::instagram_node(
        {*shown.instagram, url_ + "/pictures/" + shown.instagram->id + ".svg"}, wanted.inner);
    auto const* const members = std::get_if<boost::json::object>(&node);
    return members == nullptr ? boost::json::object{{"id", shown.instagram->id}} : *members;
}

member_value nodes::page_member(viewer const& seen_by, graph::page const& shown, field const& wanted,
                                sys_ms now) const {
    auto const& name = wanted.name;
    if (name == "id")
        return text(shown.id);
    if (name == "name")
        return text(shown.name);
    if (name == "username")
        return graph::text_unless_empty(shown.username);
    if (name == "access_token")
        return page_token(seen_by, shown, now);
    if (name == "category")
        return text(shown.category);
    if (name == "category_list")
        return boost::json::array{boost::json::object{{"id", "2200"}, {"name", shown.category}}};
    if (name == "tasks")
        return seen_by.is_page() ? std::nullopt
                                 : member_value{boost::json::array(shown.tasks.begin(), shown.tasks.end())};
    if (name == "picture")
        return picture(shown.id, false, wanted);
    if (name == "link")
        return text("https://www.facebook.com/" + (shown.username.empty() ? shown.id : shown.username));
    if (name == "is_published")
        return true;
    if (name == "fan_count" || name == "followers_count")
        return 0;
    if (name == "instagram_business_account" || name == "connected_instagram_account")
        return instagram(seen_by, shown, wanted);
    if (auto const* const owner = seen_by.business(shown.owner);
        name == "business" && owner != nullptr && seen_by.may(scope::business_management))
        return boost::json::object{{"id", owner->id}, {"name", owner->name}};
    return std::nullopt;
}

graph::object_or_error nodes::page(viewer const& seen_by, graph::page const& shown, std::string_view fields,
                                   bool in_list, sys_ms now) const {
    return graph::pick(fields, in_list ? listed_page_type : page_type,
                       [&](field const& wanted) { return page_member(seen_by, shown, wanted, now); });
}

} // namespace connectd::sandbox::facebook

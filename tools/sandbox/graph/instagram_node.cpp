#include "tools/sandbox/graph/instagram_node.hpp"

#include <array>

namespace connectd::sandbox::graph {
namespace {

constexpr std::array<std::string_view, 10> linked_fields{
    "id",        "ig_id",           "username",      "name",        "profile_picture_url",
    "biography", "followers_count", "follows_count", "media_count", "website"};
constexpr std::array<std::string_view, 11> own_fields{
    "id",           "user_id",   "username",        "name",          "profile_picture_url",
    "account_type", "biography", "followers_count", "follows_count", "media_count",
    "website"};

// A personal account has no id that anything can be published to.
member_value account_id(instagram_view const& shown) {
    return shown.account_type == personal_account ? std::nullopt : text(shown.account.id);
}

member_value member(instagram_view const& shown, field const& wanted) {
    auto const& name = wanted.name;
    if (name == "id")
        return text(shown.app_scoped_id.empty() ? shown.account.id : shown.app_scoped_id);
    if (name == "user_id" || name == "ig_id")
        return account_id(shown);
    if (name == "username")
        return text(shown.account.username);
    if (name == "name")
        return text_unless_empty(shown.account.name);
    if (name == "profile_picture_url")
        return text_unless_empty(shown.picture_url);
    if (name == "account_type")
        return text_unless_empty(shown.account_type);
    if (name == "media_count")
        return shown.media_count;
    if (name == "followers_count" || name == "follows_count")
        return 0;
    return std::nullopt;
}

node_type type_of(instagram_view const& shown) {
    if (shown.app_scoped_id.empty())
        return {"IGUser", linked_fields, "id"};
    return {"IGUser", own_fields, "id"};
}

} // namespace

object_or_error instagram_node(instagram_view const& shown, std::string_view fields) {
    return pick(fields, type_of(shown), [&](field const& wanted) { return member(shown, wanted); });
}

object_or_error instagram_node(instagram_view const& shown, field_list const& fields) {
    return pick(fields, type_of(shown), [&](field const& wanted) { return member(shown, wanted); });
}

} // namespace connectd::sandbox::graph

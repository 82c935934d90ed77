#include "tools/sandbox/tiktok/api.hpp"

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/pictures.hpp"
#include "tools/sandbox/tiktok/rules.hpp"
#include "tools/sandbox/tiktok/words.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::tiktok {
namespace {

constexpr rate_limit info_per_app{1, 600, std::chrono::seconds{60}};

struct field {
    std::string_view name;
    scope needed;
};
constexpr std::array<field, 13> fields{{
    {"open_id", scope::user_info_basic},
    {"union_id", scope::user_info_basic},
    {"avatar_url", scope::user_info_basic},
    {"avatar_url_100", scope::user_info_basic},
    {"avatar_large_url", scope::user_info_basic},
    {"display_name", scope::user_info_basic},
    {"bio_description", scope::user_info_profile},
    {"profile_deep_link", scope::user_info_profile},
    {"is_verified", scope::user_info_profile},
    {"username", scope::user_info_profile},
    {"follower_count", scope::user_info_stats},
    {"likes_count", scope::user_info_stats},
    {"video_count", scope::user_info_stats},
}};

reply wrong_parameters(std::string_view what, sys_ms now) {
    return api_error(400, "invalid_params", what, now);
}

boost::json::value value_of(std::string_view name, person const& who, oauth::access const& caller,
                            std::string const& url) {
    if (name == "open_id")
        return boost::json::value(open_id_of(caller.person, caller.client_id));
    if (name == "union_id")
        return boost::json::value(open_id_of(caller.person, "union"));
    if (name.starts_with("avatar"))
        return boost::json::value(picture_url(url, who) + "?x-expires=1790000000");
    if (name == "display_name")
        return boost::json::value(who.display_name);
    if (name == "username")
        return boost::json::value(username_of(who));
    if (name.ends_with("_count"))
        return 3;
    if (name == "is_verified")
        return false;
    return "";
}

std::vector<std::string_view> parts(std::string_view list) {
    std::vector<std::string_view> found;
    while (!list.empty()) {
        auto const comma = std::min(list.find(','), list.size());
        found.push_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return found;
}

} // namespace

reply api::user_info(call const& request, sys_ms now) {
    auto const who = gate_.enter(request, info_per_app, limited_by::app, now);
    if (auto const* const refused = std::get_if<reply>(&who))
        return *refused;
    auto const& caller = std::get<oauth::access>(who);
    auto const query = form::parse(request.query);
    if (!query || query->get("fields").empty())
        return wrong_parameters("Fields is required", now);
    boost::json::object user;
    for (auto const name : parts(query->get("fields"))) {
        auto const known = std::ranges::find(fields, name, &field::name);
        if (known == fields.end())
            return wrong_parameters("Invalid fields: " + std::string{name}, now);
        if (!caller.scopes.has(known->needed))
            return scope_not_authorized(now);
        user[name] = value_of(name, *people_.at(caller.person), caller, url_);
    }
    return api_success({{"user", std::move(user)}}, now);
}

} // namespace connectd::sandbox::tiktok

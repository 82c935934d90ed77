#include "tools/sandbox/pinterest/account.hpp"

#include "tools/sandbox/html.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::pinterest {
namespace {

constexpr std::uint64_t first_id = 2'783'136'121'146'311'751;

} // namespace

std::string account_id(person const& who) {
    return std::to_string(first_id + who.number);
}

std::string account_username(person const& who) {
    return who.x_username + "_pins";
}

reply account::show(call const& request, sys_ms now) {
    auto const needed = oauth::scope_set::of({scope::user_accounts_read});
    return gate_.enter(request, category::org_read, needed, now, [&](passed const& with) {
        auto const who = people_.at(with.caller.person);
        bool const business = !who->bare_profile;
        boost::json::object body{{"id", account_id(*who)},
                                 {"username", account_username(*who)},
                                 {"account_type", business ? "BUSINESS" : "PINNER"},
                                 {"business_name", nullptr},
                                 {"website_url", ""},
                                 {"about", ""},
                                 {"board_count", boards_.list(with.caller.person, now).size()},
                                 {"pin_count", 27},
                                 {"follower_count", 10},
                                 {"following_count", 3},
                                 {"monthly_views", 467}};
        if (business && !who->has_trait(no_business_name))
            body["business_name"] = who->display_name;
        if (!who->bare_profile)
            body["profile_image"] =
                public_url_ + std::string{picture_folder} + account_username(*who) + ".jpg";
        return json_reply(200, body, "application/json");
    });
}

reply account::picture(call const& request) const {
    auto const name = request.path.substr(request.path.rfind('/') + 1);
    for (auto const& each : people_.list()) {
        if (account_username(*each) + ".jpg" == name)
            return {200, "image/svg+xml", {}, avatar_svg(each->display_name, each->x_id)};
    }
    return {200, "image/svg+xml", {}, avatar_svg("Fresh Person", name)};
}

} // namespace connectd::sandbox::pinterest

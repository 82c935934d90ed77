// /v1/connect: a URL to send the end user to, and Bluesky's app passwords.
#include "server/dialects/fields.hpp"
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/views.hpp"

#include <algorithm>
#include <iterator>

namespace connectd::server::dialects::postpeer {
namespace {

// The seven of the vendor's page, and instagram, which its other documents have.
constexpr std::string_view platforms[] = {"twitter", "youtube",   "tiktok",   "facebook",
                                          "threads", "pinterest", "linkedin", "instagram"};

// "Without a profile" is our default one.
std::optional<std::string> wanted_profile(call const& of) {
    auto wanted = of.query("profileId");
    return wanted == "null" ? std::nullopt : wanted;
}

} // namespace

runtime::task<http::response> start_connect(call of) {
    std::string const platform{with_twitter(of.asked.path_parameter("platform"))};
    if (std::ranges::find(platforms, platform) == std::end(platforms)) {
        co_return of.refuse(services::failure{services::errc::platform_not_available,
                                              "Platform \"" + platform + "\" is not available.", "platform"});
    }
    // The vendor's documents have the choice of LinkedIn's accounts only.
    bool const drawn = platform == "linkedin" && of.query("headless") == "true" && of.query("redirectUri");
    auto const redirect_uri = of.base() + "/v1/connect/" + platform + "/callback";
    auto const begun = co_await of.services().sessions.create(
        of.workspace(), {.platform = platform,
                         .profile_id = wanted_profile(of),
                         .return_url = of.query("redirectUri"),
                         .credentials_id = of.query("appId"),
                         .scopes = {},
                         .account_id = {},
                         .metadata = {},
                         .allow_quickstart = true,
                         .choose = drawn ? std::optional<std::string>{"token"} : std::nullopt,
                         .dialect = std::string{drawn ? headless : of.vendor.name},
                         .redirect_uri = redirect_uri,
                         .cancel_url = of.query("cancelRedirectUri")});
    if (begun.has_error()) {
        co_return of.refuse_begin(begun.error(), "POST /v1/apps/", redirect_uri);
    }
    co_return http::response::json(200, boost::json::object{{"url", *begun->authorize_url}});
}

// Those that the operator has not switched off.
runtime::task<http::response> list_platforms(call of) {
    boost::json::array list;
    for (auto const name : {"twitter", "youtube", "tiktok", "facebook", "threads", "pinterest", "linkedin",
                            "instagram", "bluesky"}) {
        auto const known = co_await of.services().platforms.get(of.workspace(), name);
        if (known.has_value() && known->available) {
            list.push_back(boost::json::object{{"name", name}, {"status", "prod"}});
        }
    }
    co_return http::response::json(200, boost::json::object{{"platforms", std::move(list)}});
}

runtime::task<http::response> connect_bluesky(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::app_password_login login{.identifier = body->text("identifier"),
                                       .app_password = body->secret("password"),
                                       .profile_id = wanted_profile(of),
                                       .account_id = {}};
    body->refuse_others();
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const connected = co_await of.services().logins.sign_in(of.workspace(), "bluesky", std::move(login));
    if (connected.has_error()) {
        co_return of.refuse(connected.error());
    }
    auto const unnamed = co_await default_profile(of);
    if (unnamed.has_error()) {
        co_return of.refuse(unnamed.error());
    }
    auto answered = boost::json::object{{"success", true}, {"message", "Connected"}};
    answered["integration"] = to_json(*connected, {}, *unnamed);
    co_return http::response::json(200, answered);
}

} // namespace connectd::server::dialects::postpeer

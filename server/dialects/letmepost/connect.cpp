// /v1/accounts/connect: OAuth begun and completed, and Bluesky's credentials.
#include "server/dialects/fields.hpp"
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/parameters.hpp"
#include "server/http/render.hpp"

#include <algorithm>
#include <iterator>

namespace connectd::server::dialects::letmepost {
namespace {

// Those of the vendor's page, and tiktok, which its other documents have.
constexpr std::string_view platforms[] = {"bluesky",   "facebook", "instagram", "linkedin",
                                          "pinterest", "threads",  "twitter",   "tiktok"};

services::outcome<std::string> read_platform(call const& of) {
    auto platform = of.asked.path_parameter("platform");
    if (platform == "x") { // the page knows Twitter by both names
        platform = "twitter";
    }
    if (std::ranges::find(platforms, platform) == std::end(platforms)) {
        return services::failure{services::errc::platform_unknown,
                                 "There is no platform \"" + platform + "\"."};
    }
    return platform;
}

boost::json::array bluesky_fields() {
    return {{{"name", "identifier"}, {"label", "Handle"}, {"type", "text"}, {"required", true}},
            {{"name", "appPassword"}, {"label", "App password"}, {"type", "password"}, {"required", true}}};
}

http::response ask_for_credentials() {
    return http::response::json(
        200, boost::json::object{{"platform", "bluesky"},
                                 {"state", "stable"},
                                 {"descriptor", {{"kind", "credentials"}, {"fields", bluesky_fields()}}}});
}

std::string state_in(std::string_view url) {
    auto const query = http::parse_parameters(url.substr(std::min(url.find('?'), url.size() - 1) + 1));
    return query ? std::string{query->find("state").value_or("")} : std::string{};
}

// As the end user's browser would do it, by a program that has the code.
runtime::task<http::response> complete_oauth(call of, std::string platform, fields body) {
    services::callback_query query{.platform = std::move(platform),
                                   .state = body.secret("state"),
                                   .code = body.secret("code"),
                                   .error = {},
                                   .issuer = {},
                                   .browser = {},
                                   .workspace = of.workspace()};
    if (auto const& wrong = body.problem()) {
        co_return of.refuse(*wrong);
    }
    auto const ended = co_await of.services().connect.callback(std::move(query));
    if (ended.has_error()) {
        co_return of.refuse(ended.error());
    }
    if (ended->why) {
        co_return of.refuse(*ended->why);
    }
    if (ended->waiting) {
        co_return of.refuse(services::refusal{
            409, "choice_due",
            "The consent reaches several accounts. Choose with the native POST /v1/connect/sessions/" +
                ended->session.to_string() + "/choose."});
    }
    auto const& account = ended->accounts.front();
    co_return http::response::json(account.created_at == account.connected_at ? 201 : 200, to_json(account));
}

runtime::task<http::response> complete_credentials(call of, fields body) {
    auto identifier = body.optional_text("handle"); // of old documents
    services::app_password_login login{.identifier = identifier ? *identifier : body.text("identifier"),
                                       .app_password = body.secret("appPassword"),
                                       .profile_id = body.optional_text("profileId"),
                                       .account_id = {}};
    if (auto const& wrong = body.problem()) {
        co_return of.refuse(*wrong);
    }
    auto const account = co_await of.services().logins.sign_in(of.workspace(), "bluesky", std::move(login));
    if (account.has_error()) {
        co_return of.refuse(account.error());
    }
    co_return http::response::json(account->created_at == account->connected_at ? 201 : 200,
                                   to_json(*account));
}

} // namespace

runtime::task<http::response> start_connect(call of) {
    auto const platform = read_platform(of);
    if (platform.has_error()) {
        co_return of.refuse(platform.error());
    }
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto const profile = body->optional_text("profileId");
    auto const back = body->optional_text("returnTo");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (*platform == "bluesky") {
        co_return ask_for_credentials();
    }
    auto const redirect_uri = of.base() + "/v1/accounts/connect/" + *platform + "/complete";
    auto const begun =
        co_await of.services().sessions.create(of.workspace(), {.platform = *platform,
                                                                .profile_id = profile,
                                                                .return_url = back,
                                                                .credentials_id = {},
                                                                .scopes = {},
                                                                .account_id = {},
                                                                .metadata = {},
                                                                .allow_quickstart = true,
                                                                .choose = {},
                                                                .dialect = std::string{of.vendor.name},
                                                                .redirect_uri = redirect_uri});
    if (begun.has_error()) {
        co_return of.refuse_begin(begun.error(), "the native POST /v1/credentials", redirect_uri);
    }
    auto const& url = *begun->authorize_url;
    auto const state = state_in(url);
    boost::json::object descriptor{{"kind", "oauth"},
                                   {"authorizationUrl", url},
                                   {"state", state},
                                   {"scopes", http::render_list(begun->scopes)},
                                   {"redirectUri", redirect_uri}};
    // `state` at the top is the page's anti-forgery value, not the readiness that the client's types have.
    co_return http::response::json(200, boost::json::object{{"redirectUrl", url},
                                                            {"state", state},
                                                            {"platform", *platform},
                                                            {"descriptor", std::move(descriptor)}});
}

runtime::task<http::response> complete_connect(call of) {
    auto platform = read_platform(of);
    if (platform.has_error()) {
        co_return of.refuse(platform.error());
    }
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    if (*platform == "bluesky") {
        co_return co_await complete_credentials(of, std::move(*body));
    }
    co_return co_await complete_oauth(of, std::move(*platform), std::move(*body));
}

} // namespace connectd::server::dialects::letmepost

// /v1/public/connect/sessions: for pages that the customer draws. There is no key: the state in the session's
// link is the proof, and with it an end user's browser can do what our page lets it do.
#include "server/dialects/unipost/unipost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/parameters.hpp"
#include "server/http/render.hpp"

#include <utility>

namespace connectd::server::dialects::unipost {
namespace {

using services::errc;

runtime::task<services::outcome<services::sessions::link_view>> open_link(call of) {
    co_return co_await of.services().sessions.open_link(
        of.asked.path_parameter("id"), crypto::secret::take(of.query("state").value_or(std::string{})));
}

// Errors: session_used, session_expired.
services::outcome<void> require_pending(services::session_view const& shown) {
    if (shown.status == "expired") {
        return errc::session_expired;
    }
    if (shown.status != "pending") {
        return errc::session_used;
    }
    return {};
}

http::response refuse_in_browser(call const& of, services::failure const& why) {
    auto shown = of.with.pages.refuse(why, of.asked);
    if (why.code == make_error_code(errc::login_refused)) {
        shown.status = 401;
    }
    return shown;
}

boost::json::object branding_of(services::page_brand const& brand) {
    boost::json::object branding{{"display_name", brand.name}, {"hide_powered_by", true}};
    if (!brand.logo_url.empty()) {
        branding["logo_url"] = brand.logo_url;
    }
    if (!brand.color.empty()) {
        branding["primary_color"] = brand.color;
    }
    return branding;
}

} // namespace

runtime::task<http::response> show_link(call of) {
    auto const link = co_await open_link(of);
    if (link.has_error()) {
        co_return of.refuse(link.error());
    }
    auto const& session = link->page.session;
    auto const profile = co_await of.services().profiles.get(link->workspace, session.profile.to_string());
    if (profile.has_error()) {
        co_return of.refuse(profile.error());
    }
    boost::json::object shown{{"platform", with_twitter(session.platform)},
                              {"profile_name", profile->name},
                              {"status", status_of(session)},
                              {"expires_at", http::render_time(session.expires_at)},
                              {"branding", branding_of(link->page.brand)}};
    if (!session.return_url.empty()) {
        shown["return_url"] = session.return_url;
    }
    auto answered = answer(200, std::move(shown), of);
    answered.set("Referrer-Policy", "no-referrer");
    co_return answered;
}

runtime::task<http::response> authorize_link(call of) {
    auto const link = co_await open_link(of);
    if (link.has_error()) {
        co_return refuse_in_browser(of, link.error());
    }
    if (auto const open = require_pending(link->page.session); open.has_error()) {
        co_return refuse_in_browser(of, open.error());
    }
    if (link->page.authorize_url.empty()) {
        co_return refuse_in_browser(
            of, services::failure{errc::field_invalid,
                                  link->page.platform_title + " is connected with an app password."});
    }
    auto away = http::response::redirect(link->page.authorize_url);
    away.set("Referrer-Policy", "no-referrer");
    co_return away;
}

// The session is bound to a browser that is no browser's: the form can be sent from anywhere with the state.
runtime::task<http::response> submit_link_password(call of) {
    auto const link = co_await open_link(of);
    if (link.has_error()) {
        co_return refuse_in_browser(of, link.error());
    }
    if (auto const open = require_pending(link->page.session); open.has_error()) {
        co_return refuse_in_browser(of, open.error());
    }
    auto const form = http::parse_parameters(of.asked.body);
    if (!form) {
        co_return refuse_in_browser(of, services::failure{errc::field_invalid, "The form cannot be read."});
    }
    auto const id = of.asked.path_parameter("id");
    auto browser = services::sessions::new_browser();
    auto const bound = co_await of.services().sessions.open_page(id, browser.clone());
    if (bound.has_error()) {
        co_return refuse_in_browser(of, bound.error());
    }
    auto const ended = co_await of.services().logins.submit(
        id, std::move(browser),
        {.identifier = std::string{form->find("handle").value_or("")},
         .app_password = crypto::secret::copy_of(form->find("app_password").value_or("")),
         .profile_id = {},
         .account_id = {}});
    co_return ended.has_error() ? refuse_in_browser(of, ended.error())
                                : of.with.pages.conclude(*ended, of.asked);
}

} // namespace connectd::server::dialects::unipost

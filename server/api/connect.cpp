#include "server/api/connect.hpp"

#include "server/api/accounts.hpp"
#include "server/api/body.hpp"
#include "server/api/connect_page.hpp"
#include "server/api/problem.hpp"
#include "server/http/parameters.hpp"
#include "server/services/return_url.hpp"

#include <boost/describe/class.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace connectd::server::api {
namespace {

struct bluesky_body {
    std::string identifier;
    std::string app_password;
    std::optional<std::string> profile_id;
    std::optional<std::string> account_id;
};
BOOST_DESCRIBE_STRUCT(bluesky_body, (), (identifier, app_password, profile_id, account_id))

// __Host- binds a cookie to this host and to https; over plain http, which only loopback allows, browsers
// refuse it.
http::cookie browser_cookie(context const& with, std::string_view value) {
    bool const secure = with.public_url.starts_with("https:");
    return {.name = secure ? "__Host-connectd" : "connectd",
            .value = std::string{value},
            .max_age = std::chrono::hours{24},
            .secure = secure};
}

std::optional<crypto::secret> read_browser(context const& with, http::request const& asked) {
    auto const value = asked.cookie(browser_cookie(with, {}).name);
    return value ? std::optional{crypto::secret::copy_of(*value)} : std::nullopt;
}

// People get a page; programs that ask for JSON get the same as everywhere.
bool wants_page(http::request const& asked) {
    auto const accept = asked.header("Accept");
    return !accept || accept->find("json") == std::string_view::npos;
}

// A page about how it went, for a session without a return URL.
http::response show_end(services::callback_answer const& ended, http::request const& asked) {
    if (ended.why) {
        return refuse_in_browser(*ended.why, asked);
    }
    if (ended.waiting) {
        return render_waiting_page(ended.platform_title);
    }
    std::vector<std::string> names;
    for (auto const& each : ended.accounts) {
        names.push_back(each.username.empty() ? each.display_name : each.username);
    }
    return render_connected_page(ended.platform_title, names);
}

// What the customer's site learns, beside the platform and the session.
parameter_list result_of(services::callback_answer const& ended) {
    if (ended.waiting) {
        return {{"status", "choosing"}};
    }
    if (ended.why) {
        auto const what = describe(*ended.why);
        bool const denied = what.code == "consent_denied";
        return {{"status", denied ? "cancelled" : "failed"},
                {"error", denied ? "access_denied" : what.code},
                {"error_description", what.detail}};
    }
    std::string all;
    for (auto const& each : ended.accounts) {
        all += (all.empty() ? "" : ",") + each.id.to_string();
    }
    return {
        {"status", "connected"}, {"account_id", ended.accounts.front().id.to_string()}, {"account_ids", all}};
}

http::response redirect_to(std::string_view url) {
    auto answer = http::response::redirect(url);
    answer.set("Cache-Control", "no-store");
    answer.set("Referrer-Policy", "no-referrer");
    return answer;
}

// On to our page where the end user has to choose, unless another API tells its return URL of it; else the
// return URL with how it went, or a page where there is none.
http::response finish(services::callback_answer const& ended, call const& of) {
    auto const told = ended.dialect.empty() ? parameter_list{} : of.with.told_elsewhere(ended);
    bool const tells_choice = !told.empty() && !ended.return_url.empty();
    if (ended.waiting && ended.waiting->browser && !tells_choice) {
        // On the same host, whichever of ours it is: the cookie belongs to it.
        auto answer = redirect_to("/connect/" + ended.session.to_string());
        answer.set_cookie(browser_cookie(of.with, ended.waiting->browser->reveal()));
        return answer;
    }
    bool const denied = ended.why && ended.why->code == make_error_code(services::errc::consent_denied);
    auto const& url = denied && !ended.cancel_url.empty() ? ended.cancel_url : ended.return_url;
    if (url.empty()) {
        return show_end(ended, of.asked);
    }
    if (!ended.dialect.empty()) {
        return redirect_to(services::extend_return_url(url, told));
    }
    auto result = result_of(ended);
    result.emplace_back("platform", ended.platform);
    result.emplace_back("session_id", ended.session.to_string());
    return redirect_to(services::extend_return_url(url, result));
}

// Nobody's redirect waits for the audit log.
http::response conclude(call of, services::callback_answer const& ended) {
    auto answer = finish(ended, of);
    for (auto const& account : ended.accounts) {
        of.services().audit.note({.who = {},
                                  .workspace = ended.workspace,
                                  .remote_address = of.asked.remote_address(),
                                  .request_id = of.asked.request_id,
                                  .action = "accounts.connect",
                                  .target = account.id.to_string(),
                                  .status = answer.status});
    }
    return answer;
}

std::string one(http::request const& asked, std::string_view name) {
    auto const value = asked.query.find(name);
    return value && !asked.query.repeated(name) ? std::string{*value} : std::string{};
}

// What another try with the same form cannot mend.
bool ends_the_form(services::failure const& why) {
    using services::errc;
    for (auto const code :
         {errc::session_not_found, errc::session_used, errc::session_expired, errc::state_foreign}) {
        if (why.code == make_error_code(code)) {
            return true;
        }
    }
    return why.code.category() != services::error_category();
}

app_password_page password_page(services::sessions::page_view const& page, http::request const& asked) {
    return {.brand = page.brand,
            .platform_title = page.platform_title,
            .action = "/connect/" + asked.path_parameter("session"),
            .problem = {},
            .identifier = {}};
}

choice_page choices_of(services::sessions::page_view const& page, http::request const& asked) {
    return {.brand = page.brand,
            .platform_title = page.platform_title,
            .action = "/connect/" + asked.path_parameter("session"),
            .candidates = page.session.candidates,
            .problem = {},
            .picked = {}};
}

http::response show(services::sessions::page_view const& page, http::request const& asked) {
    if (!page.session.candidates.empty()) {
        return render_choice_page(200, choices_of(page, asked));
    }
    return page.authorize_url.empty()
               ? render_app_password_page(200, password_page(page, asked))
               : render_consent_page({page.brand, page.platform_title, page.authorize_url});
}

// Those boxes that are ticked, or none at all.
runtime::task<http::response> submit_choice(call of, services::sessions::page_view page,
                                            http::parameters form, crypto::secret browser) {
    auto const id = of.asked.path_parameter("session");
    auto& choices = of.services().choices;
    if (form.find("action") == "cancel") {
        auto const ended = co_await choices.cancel(id, std::move(browser));
        co_return ended.has_error() ? refuse_in_browser(ended.error(), of.asked) : finish(*ended, of);
    }
    auto const ticked = form.all("candidate");
    std::vector<std::string> const picked(ticked.begin(), ticked.end());
    auto ended = co_await choices.submit(id, std::move(browser), picked);
    if (ended.has_error() && ended.error().code == make_error_code(services::errc::field_invalid)) {
        auto again = choices_of(page, of.asked);
        auto const what = describe(ended.error());
        again.problem = picked.empty() ? "Choose at least one, or cancel." : what.detail;
        again.picked = picked;
        co_return render_choice_page(what.status, again);
    }
    if (ended.has_error()) {
        co_return refuse_in_browser(ended.error(), of.asked);
    }
    co_return conclude(of, *ended);
}

runtime::task<http::response> submit_password(call of, services::sessions::page_view page,
                                              http::parameters form, crypto::secret browser) {
    std::string const identifier{form.find("identifier").value_or("")};
    auto ended = co_await of.services().logins.submit(
        of.asked.path_parameter("session"), std::move(browser),
        {.identifier = identifier,
         .app_password = crypto::secret::copy_of(form.find("app_password").value_or("")),
         .profile_id = {},
         .account_id = {}});
    if (ended.has_error() && ends_the_form(ended.error())) {
        co_return refuse_in_browser(ended.error(), of.asked);
    }
    if (ended.has_error()) {
        auto again = password_page(page, of.asked);
        auto const what = describe(ended.error());
        again.problem = what.detail;
        again.identifier = identifier;
        co_return render_app_password_page(what.status, again);
    }
    co_return conclude(of, *ended);
}

} // namespace

http::response refuse_in_browser(services::failure const& why, http::request const& asked) {
    auto const what = describe(why);
    return wants_page(asked) ? render_failed_page(what, asked.request_id)
                             : to_response(what, asked.request_id);
}

http::response conclude_in_browser(context& with, services::callback_answer const& ended,
                                   http::request& asked) {
    services::principal const nobody;
    return conclude({with, nobody, asked}, ended);
}

runtime::task<http::response> show_connect_page(call of) {
    auto known = read_browser(of.with, of.asked);
    auto const browser = known ? std::move(*known) : services::sessions::new_browser();
    auto const page =
        co_await of.services().sessions.open_page(of.asked.path_parameter("session"), browser.clone());
    if (page.has_error()) {
        co_return refuse_in_browser(page.error(), of.asked);
    }
    auto answer = show(*page, of.asked);
    answer.set_cookie(browser_cookie(of.with, browser.reveal()));
    co_return answer;
}

runtime::task<http::response> submit_connect_page(call of) {
    auto browser = read_browser(of.with, of.asked);
    auto form = http::parse_parameters(of.asked.body);
    if (!browser || !form || !of.asked.content_type_is("application/x-www-form-urlencoded")) {
        co_return refuse_in_browser(
            {services::errc::state_foreign, "Open the connect page again and repeat."}, of.asked);
    }
    // Before the page is opened again, which would bind the session to whatever cookie came with the form.
    auto const bound =
        co_await of.services().sessions.find_bound(of.asked.path_parameter("session"), browser->clone());
    if (bound.has_error()) {
        co_return refuse_in_browser(bound.error(), of.asked);
    }
    auto const page =
        co_await of.services().sessions.open_page(of.asked.path_parameter("session"), browser->clone());
    if (page.has_error()) {
        co_return refuse_in_browser(page.error(), of.asked);
    }
    if (page->session.candidates.empty()) {
        co_return co_await submit_password(of, *page, std::move(*form), std::move(*browser));
    }
    co_return co_await submit_choice(of, *page, std::move(*form), std::move(*browser));
}

runtime::task<http::response> connect_callback(call of) {
    auto const& asked = of.asked;
    auto ended = co_await of.services().connect.callback(
        {.platform = asked.path_parameter("platform"),
         .state = crypto::secret::take(one(asked, "state")),
         .code = crypto::secret::take(one(asked, "code")),
         .error = one(asked, "error"),
         .issuer = asked.query.find("iss") ? std::optional{one(asked, "iss")} : std::nullopt,
         .browser = read_browser(of.with, asked)});
    if (ended.has_error()) {
        co_return refuse_in_browser(ended.error(), asked);
    }
    co_return conclude(of, *ended);
}

runtime::task<http::response> connect_bluesky(call of) {
    auto body = read_body<bluesky_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const connected = co_await of.services().logins.sign_in(
        of.workspace(), "bluesky",
        {.identifier = std::move(body->identifier),
         .app_password = crypto::secret::take(std::move(body->app_password)),
         .profile_id = std::move(body->profile_id),
         .account_id = std::move(body->account_id)});
    co_return answer_account(connected, 201, of.asked);
}

} // namespace connectd::server::api

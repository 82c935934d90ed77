// /v1/connect/linkedin/selection: the customer's page draws the choice among a person and their
// organisations. There is no key: the token, which the return URL got, is the proof.
#include "server/dialects/fields.hpp"
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/dialects/reading.hpp"
#include "server/http/render.hpp"
#include "server/services/return_url.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace connectd::server::dialects::postpeer {
namespace {

struct selection {
    std::string session;
    crypto::secret proof; // what the session is bound to, in place of a browser's cookie
};

selection read_selection(call const& of) {
    auto const& token = of.asked.path_parameter("token");
    auto const point = std::min(token.find('.'), token.size());
    auto const behind = std::min(point + 1, token.size());
    return {token.substr(0, point), crypto::secret::copy_of(std::string_view{token}.substr(behind))};
}

// Whatever is wrong with a token, there is nothing behind it.
http::response refuse_token(call const& of, services::failure const& why) {
    if (why.code == make_error_code(services::errc::field_invalid)) {
        return of.refuse(why);
    }
    return of.refuse(services::failure{services::errc::session_not_found,
                                       "The selection is over, or there is none with this token."});
}

boost::json::object to_json(services::candidate_view const& shown) {
    return {{"id", shown.id},
            {"type", shown.kind},
            {"platformUserId", shown.id},
            {"displayName", http::render_text(shown.display_name)},
            {"username", http::render_text(shown.username)},
            {"imageUrl", http::render_text(shown.avatar_url)}};
}

void note_connected(call const& of, services::callback_answer const& ended) {
    for (auto const& each : ended.accounts) {
        of.services().audit.note({.who = {},
                                  .workspace = ended.workspace,
                                  .remote_address = of.asked.remote_address(),
                                  .request_id = of.asked.request_id,
                                  .action = "accounts.connect",
                                  .target = each.id.to_string()});
    }
}

// `of` as one of the session's workspace.
runtime::task<http::response> show_selected(call of, services::callback_answer const& ended) {
    auto const apps = co_await all_credentials(of, std::nullopt);
    auto const unnamed = co_await default_profile(of);
    if (apps.has_error() || unnamed.has_error()) {
        co_return of.refuse(apps.has_error() ? apps.error() : unnamed.error());
    }
    boost::json::array connected;
    for (auto const& each : ended.accounts) {
        connected.push_back(postpeer::to_json(each, *apps, *unnamed));
    }
    boost::json::object shown{{"success", true}, {"platform", "linkedin"}, {"message", "Connected"}};
    if (!ended.return_url.empty()) {
        shown["redirectUri"] = services::extend_return_url(ended.return_url, of.vendor.told(ended));
    }
    shown["integrations"] = std::move(connected);
    co_return http::response::json(200, shown);
}

} // namespace

parameter_list told_selection(services::callback_answer const& ended, std::string const& platform) {
    if (ended.dialect != headless || !ended.waiting->browser) {
        return {};
    }
    auto token = ended.session.to_string() + ".";
    return {{"status", "selection_required"},
            {"platform", platform},
            {"selectionToken", token.append(ended.waiting->browser->reveal())}};
}

runtime::task<http::response> show_selection(call of) {
    auto wanted = read_selection(of);
    // Before the page is opened, which binds a session that waits for its consent.
    auto const bound = co_await of.services().sessions.find_bound(wanted.session, wanted.proof.clone());
    if (bound.has_error()) {
        co_return refuse_token(of, bound.error());
    }
    auto const page = co_await of.services().sessions.open_page(wanted.session, std::move(wanted.proof));
    if (page.has_error()) {
        co_return refuse_token(of, page.error());
    }
    auto const left = page->session.expires_at - of.with.clock.now();
    boost::json::array accounts;
    for (auto const& each : page->session.candidates) {
        accounts.push_back(to_json(each));
    }
    co_return http::response::json(
        200, boost::json::object{{"success", true},
                                 {"platform", "linkedin"},
                                 {"expiresInSeconds", std::chrono::floor<std::chrono::seconds>(left).count()},
                                 {"accounts", std::move(accounts)}});
}

runtime::task<http::response> submit_selection(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto const picked = body->texts("selectedAccountIds");
    body->refuse_others();
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto wanted = read_selection(of);
    auto const ended = co_await of.services().choices.submit(wanted.session, std::move(wanted.proof), picked);
    if (ended.has_error()) {
        co_return refuse_token(of, ended.error());
    }
    note_connected(of, *ended);
    services::principal const owner{.root = false, .workspace = ended->workspace, .key = {}, .scopes = {}};
    co_return co_await show_selected({of.with, of.vendor, owner, of.asked}, *ended);
}

} // namespace connectd::server::dialects::postpeer

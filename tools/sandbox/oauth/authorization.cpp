#include "tools/sandbox/oauth/authorization.hpp"

#include "tools/sandbox/oauth/pages.hpp"

#include <algorithm>

namespace connectd::sandbox::oauth {
namespace {

std::string goes_to(authorize_request const& request, std::string_view query) {
    return back_to(request.shown_at.empty() ? request.redirect_uri : request.shown_at, query, request.state);
}

} // namespace

std::string code_alone(authorize_request const&, std::string_view code) {
    return "code=" + percent_encode(code);
}

std::string back_to(std::string_view redirect_uri, std::string_view query, std::string_view state) {
    std::string location{redirect_uri};
    location += redirect_uri.find('?') == std::string_view::npos ? '?' : '&';
    // A fragment, which Meta's redirects end in, stays at the end.
    auto const fragment = query.find('#');
    location += query.substr(0, fragment);
    if (!state.empty())
        location += "&state=" + percent_encode(state);
    if (fragment != std::string_view::npos)
        location += query.substr(fragment);
    return location;
}

authorization::authorization(authorize_rules rules, scope_catalog catalog, people& persons,
                             apps const& registered, grants& issued, journal& events,
                             std::string auto_approve)
    : rules_{std::move(rules)},
      catalog_{catalog},
      people_{persons},
      apps_{registered},
      grants_{issued},
      events_{events},
      auto_approve_{std::move(auto_approve)} {}

checked authorization::check(form const& parameters) const {
    if (auto const name = parameters.repeated())
        return {{}, std::string{*name} + " comes more than once"};
    return rules_.check(parameters, apps_);
}

bool authorization::knows_decision(std::string_view answer) const {
    return answer == "approve" ||
           std::ranges::find(rules_.declines, answer, &decline::decision) != rules_.declines.end();
}

reply authorization::answer(outcome done) const {
    return done.problem.empty() ? redirect_reply(std::move(done.location)) : error(400, done.problem);
}

reply authorization::error(unsigned status, std::string_view problem) const {
    return html_reply(status, error_page(rules_.title, problem));
}

reply authorization::page(call const& request, sys_ms now) {
    auto const parameters = form::parse(request.query);
    if (!parameters)
        return error(400, "the query is malformed");
    auto const wanted = check(*parameters);
    if (wanted.request && auto_approve_.empty())
        return html_reply(200, consent_page(rules_, catalog_, *wanted.request, *parameters, people_.list()));
    return answer(conclude(*parameters, {"approve", auto_approve_}, now));
}

reply authorization::decide(call const& request, sys_ms now) {
    if (!request.has_content_type("application/x-www-form-urlencoded"))
        return error(415, "the decision must come as a form");
    auto const parameters = form::parse(request.body);
    if (!parameters)
        return error(400, "the form is malformed");
    auto const given = parameters->get("decision");
    if (!knows_decision(given))
        return error(400, "decision is none that this page has");
    return answer(conclude(
        *parameters, {std::string{given}, std::string{parameters->get("person")}, ticked(*parameters)}, now));
}

authorization::outcome authorization::consent(std::string_view authorize_url, decision const& made,
                                              sys_ms now) {
    auto const mark = authorize_url.find('?');
    auto const parameters =
        form::parse(mark == std::string_view::npos ? std::string_view{} : authorize_url.substr(mark + 1));
    if (!parameters)
        return {{}, "the query is malformed"};
    return conclude(*parameters, made, now);
}

authorization::outcome authorization::conclude(form const& parameters, decision const& made, sys_ms now) {
    auto wanted = check(parameters);
    if (!wanted.request)
        return {std::move(wanted.location), std::move(wanted.problem)};
    auto& request = *wanted.request;
    if (made.answer == "approve")
        return approve(std::move(request), parameters, made, now);
    auto const no = std::ranges::find(rules_.declines, made.answer, &decline::decision);
    if (no == rules_.declines.end())
        return {{}, "decision is none that this page has"};
    events_.event(grants_.rules().platform, "consent_denied", request.state, 0, now);
    return {goes_to(request, no->query), {}};
}

authorization::outcome authorization::approve(authorize_request request, form const& parameters,
                                              decision const& made, sys_ms now) {
    auto const who = people_.find(made.person);
    if (!who)
        return {{}, "person is not somebody the sandbox knows"};
    auto const consenter = people_.at(*who);
    auto const asked = request.scopes;
    if (request.skips_declined)
        request.scopes = asked.without(grants_.declined(*who, request.client->client_id));
    if (made.scopes) {
        if (auto problem = leave_ticked(request, *made.scopes); !problem.empty())
            return {{}, std::move(problem)};
    }
    if (made.assets) {
        if (auto problem = pick(*made.assets, *consenter); !problem.empty())
            return {{}, std::move(problem)};
    }
    if (auto problem = rules_.settle(request, {*consenter, *who, grants_, parameters}); !problem.empty())
        return {{}, std::move(problem)};
    auto const code = grants_.issue_code({.client_id = request.client->client_id,
                                          .redirect_uri = request.redirect_uri,
                                          .bound = request.bound,
                                          .scopes = request.scopes,
                                          .person = *who,
                                          .offline = request.offline,
                                          .refresh_lifetime = request.refresh_lifetime,
                                          .refresh_renews = request.refresh_renews,
                                          .access_lifetime = request.access_lifetime,
                                          .reuses_token = request.reuses_token,
                                          .nonce = request.nonce,
                                          .declined = asked.without(request.scopes),
                                          .assets = made.assets},
                                         now);
    return {goes_to(request, rules_.approved(request, code)), {}};
}

std::string authorization::leave_ticked(authorize_request& request,
                                        std::vector<std::string> const& names) const {
    if (!rules_.scopes_can_be_unticked)
        return "nobody can untick single scopes here";
    scope_set left;
    for (auto const& name : names) {
        auto const row = catalog_.find(name);
        if (!row || !request.scopes.has(*row))
            return "scopes holds one that was not asked for: " + name;
        left = left.with(*row);
    }
    left = left.with_all(request.scopes.only(request.kept));
    if (request.all_or_nothing && left != request.scopes)
        left = request.scopes.only(request.kept);
    request.scopes = left;
    return {};
}

std::string authorization::pick(std::vector<std::string> const& assets, person const& who) const {
    auto const there = rules_.assets(who);
    if (!there)
        return "nobody can pick assets here";
    for (auto const& id : assets) {
        if (std::ranges::find(*there, id) == there->end())
            return "assets holds one that " + who.name + " does not have: " + id;
    }
    return {};
}

std::optional<std::vector<std::string>> authorization::ticked(form const& parameters) const {
    if (!parameters.has(unticking_field))
        return std::nullopt;
    std::vector<std::string> names;
    for (auto const& [name, value] : parameters.fields()) {
        if (name.starts_with(tick_prefix))
            names.push_back(name.substr(tick_prefix.size()));
    }
    return names;
}

} // namespace connectd::sandbox::oauth

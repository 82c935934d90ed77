#include "tools/sandbox/x/authorization.hpp"

#include "tools/sandbox/x/pages.hpp"

#include <algorithm>

namespace connectd::sandbox::x {
namespace {

constexpr std::size_t longest_state = 500;

bool unreserved(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '.' || c == '_' || c == '~';
    });
}

// A SHA-256 in base64url is 43 characters. For `plain` X's own documentation uses a short word, so only the
// upper bound of RFC 7636 holds.
bool valid_challenge(std::string_view challenge, bool s256) {
    if (!unreserved(challenge))
        return false;
    return s256 ? challenge.size() == 43 && challenge.find_first_of(".~") == std::string_view::npos
                : !challenge.empty() && challenge.size() <= 128;
}

std::string with_query(std::string_view uri, std::string_view query) {
    std::string location{uri};
    location += uri.find('?') == std::string_view::npos ? '?' : '&';
    location += query;
    return location;
}

} // namespace

authorization::authorization(people& persons, apps const& registered, grants& issued, journal& events,
                             std::string auto_approve)
    : people_{persons},
      apps_{registered},
      grants_{issued},
      events_{events},
      auto_approve_{std::move(auto_approve)} {}

authorization::checked authorization::check(form const& parameters) const {
    if (auto const name = parameters.repeated())
        return {{}, std::string{*name} + " comes more than once"};
    if (parameters.get("response_type") != "code")
        return {{}, "response_type must be code"};
    authorize_request request;
    request.client = apps_.find(parameters.get("client_id"));
    if (!request.client)
        return {{}, "client_id belongs to no app"};
    request.redirect_uri = parameters.get("redirect_uri");
    auto const& registered = request.client->redirect_uris;
    if (std::ranges::find(registered, request.redirect_uri) == registered.end())
        return {{}, "redirect_uri is not one of those registered for the app"};
    auto const scopes = scope_set::parse(parameters.get("scope"));
    if (!scopes)
        return {{}, "scope is empty or names a scope that does not exist"};
    request.scopes = *scopes;
    request.state = parameters.get("state");
    if (request.state.empty() || request.state.size() > longest_state)
        return {{}, "state must be 1 to 500 characters"};
    auto const method = parameters.get("code_challenge_method");
    if (method != "S256" && method != "plain")
        return {{}, "code_challenge_method must be S256 or plain"};
    request.s256 = method == "S256";
    request.challenge = parameters.get("code_challenge");
    if (!valid_challenge(request.challenge, request.s256))
        return {{}, "code_challenge is missing or not of the method's form"};
    return {std::move(request), {}};
}

reply authorization::page(call const& request, sys_ms now) {
    auto const parameters = form::parse(request.query);
    if (!parameters)
        return html_reply(400, error_page("the query is malformed"));
    auto wanted = check(*parameters);
    if (!wanted.request)
        return html_reply(400, error_page(wanted.problem));
    if (auto_approve_.empty())
        return html_reply(200, consent_page(*wanted.request, *parameters, people_.list()));
    auto done = conclude(std::move(*wanted.request), auto_approve_, true, now);
    return done.problem.empty() ? redirect_reply(std::move(done.location))
                                : html_reply(400, error_page(done.problem));
}

reply authorization::decide(call const& request, sys_ms now) {
    if (!request.has_content_type("application/x-www-form-urlencoded"))
        return html_reply(415, error_page("the decision must come as a form"));
    auto const parameters = form::parse(request.body);
    if (!parameters)
        return html_reply(400, error_page("the form is malformed"));
    auto const answer = parameters->get("decision");
    if (answer != "approve" && answer != "deny")
        return html_reply(400, error_page("decision must be approve or deny"));
    auto wanted = check(*parameters);
    if (!wanted.request)
        return html_reply(400, error_page(wanted.problem));
    auto done = conclude(std::move(*wanted.request), parameters->get("person"), answer == "approve", now);
    return done.problem.empty() ? redirect_reply(std::move(done.location))
                                : html_reply(400, error_page(done.problem));
}

authorization::decision authorization::consent(std::string_view authorize_url, std::string_view person,
                                               bool approve, sys_ms now) {
    auto const mark = authorize_url.find('?');
    auto const parameters =
        form::parse(mark == std::string_view::npos ? std::string_view{} : authorize_url.substr(mark + 1));
    if (!parameters)
        return {{}, "the query is malformed"};
    auto wanted = check(*parameters);
    if (!wanted.request)
        return {{}, std::move(wanted.problem)};
    return conclude(std::move(*wanted.request), person, approve, now);
}

authorization::decision authorization::conclude(authorize_request request, std::string_view person,
                                                bool approve, sys_ms now) {
    auto const state = percent_encode(request.state);
    if (!approve) {
        events_.event("x", "consent_denied", request.state, 0, now);
        return {with_query(request.redirect_uri, "error=access_denied&state=" + state), {}};
    }
    auto const who = people_.find(person);
    if (!who)
        return {{}, "person is not somebody the sandbox knows"};
    auto const location = request.redirect_uri;
    auto const code = grants_.issue_code({request.client->client_id, std::move(request.redirect_uri),
                                          std::move(request.challenge), request.s256, request.scopes, *who},
                                         now);
    return {with_query(location, "state=" + state + "&code=" + percent_encode(code)), {}};
}

} // namespace connectd::sandbox::x

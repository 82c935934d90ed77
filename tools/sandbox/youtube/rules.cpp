#include "tools/sandbox/youtube/rules.hpp"

#include "crypto/random.hpp"
#include "tools/sandbox/youtube/scopes.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::youtube {
namespace {

using oauth::checked;

constexpr std::chrono::seconds week_of_testing{604'799};

std::string make_token(oauth::token_kind kind, sys_ms) {
    auto const random = crypto::random_token(45);
    switch (kind) {
    case oauth::token_kind::code:
        return "4/0A" + random;
    case oauth::token_kind::refresh:
        return "1//0g" + random;
    default:
        return "ya29.a0" + random;
    }
}

// What Google's console takes: https unless it is this machine, no raw address but loopback's, no wildcard,
// no user in front of the host, a host on a public suffix (here: one with a dot inside).
std::string problem_of_redirect(std::string_view uri) {
    auto const scheme_end = uri.find("://");
    if (scheme_end == std::string_view::npos)
        return "redirect_uri must begin with https://";
    auto const scheme = uri.substr(0, scheme_end);
    auto const rest = uri.substr(scheme_end + 3);
    auto const authority = rest.substr(0, rest.find_first_of("/?"));
    if (uri.find('*') != std::string_view::npos || authority.find('@') != std::string_view::npos)
        return "redirect_uri must have neither a wildcard nor a user";
    auto const host =
        authority.substr(0, authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':'));
    if (host == "localhost" || host == "127.0.0.1" || host == "[::1]")
        return scheme == "http" || scheme == "https" ? "" : "redirect_uri must be http or https";
    if (scheme != "https")
        return "redirect_uri must be https, except for localhost";
    if (host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos)
        return "redirect_uri must not be a raw IP address";
    auto const dot = host.rfind('.');
    return dot == std::string_view::npos || dot == 0 || dot + 1 == host.size()
               ? "redirect_uri must end with a public top-level domain"
               : "";
}

std::string problem_of_app(oauth::app const& candidate) {
    for (auto const& uri : candidate.redirect_uris) {
        if (auto problem = problem_of_redirect(uri); !problem.empty())
            return problem + ": " + uri;
    }
    return {};
}

bool known_prompts(std::string_view text) {
    while (!text.empty()) {
        auto const end = text.find(' ');
        auto const word = text.substr(0, end);
        if (word != "consent" && word != "select_account")
            return false;
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return true;
}

// The words of Google's error page, which never goes back to the client.
std::string problem_of(form const& parameters, oauth::app const* client) {
    if (parameters.get("client_id").empty())
        return "invalid_request: Missing required parameter: client_id";
    if (client == nullptr)
        return "invalid_client: The OAuth client was not found.";
    if (client->has_flag("deleted"))
        return "deleted_client: The OAuth client was deleted.";
    if (client->has_flag("internal"))
        return "org_internal: This client is restricted to users within its organization.";
    if (parameters.get("redirect_uri").empty())
        return "invalid_request: Missing required parameter: redirect_uri";
    if (!client->has_redirect_uri(parameters.get("redirect_uri")))
        return "redirect_uri_mismatch: the redirect URI in the request does not match those registered";
    if (parameters.get("response_type") != "code")
        return "unsupported_response_type: response_type must be code";
    if (parameters.get("scope").empty())
        return "invalid_request: Missing required parameter: scope";
    auto const access_type = parameters.get("access_type");
    if (!access_type.empty() && access_type != "online" && access_type != "offline")
        return "invalid_request: Invalid parameter value for access_type";
    if (!known_prompts(parameters.get("prompt")))
        return "invalid_request: Invalid parameter value for prompt";
    return {};
}

checked check(form const& parameters, oauth::apps const& registered) {
    oauth::authorize_request request;
    request.client = registered.find(parameters.get("client_id"));
    if (auto problem = problem_of(parameters, request.client.get()); !problem.empty())
        return {{}, std::move(problem)};
    auto const asked = read_scopes(parameters.get("scope"));
    if (asked.unknown)
        return {{}, "invalid_scope: Some requested scopes were invalid. {invalid=[" + *asked.unknown + "]}"};
    // Optional, and of both methods; without a method it is plain (RFC 7636 section 4.3).
    auto bound = oauth::read_challenge(parameters, {.plain = true, .unnamed = oauth::transform::plain});
    if (!bound.problem.empty())
        return {{}, "invalid_request: " + bound.problem};
    request.redirect_uri = parameters.get("redirect_uri");
    request.scopes = asked.scopes;
    request.state = parameters.get("state");
    request.nonce = parameters.get("nonce");
    request.bound = std::move(bound.bound);
    request.offline = parameters.get("access_type") == "offline";
    if (request.client->has_flag(testing)) {
        request.refresh_lifetime = week_of_testing;
        request.refresh_renews = false;
    }
    return {std::move(request), {}};
}

// A refresh token comes when the consent screen is shown: the first time, for further scopes, and with
// prompt=consent. Whoever has allowed all of it before is sent through without one.
std::string settle(oauth::authorize_request& asked, oauth::consenting const& by) {
    if (asked.client->has_flag("admin_blocked") || by.who.has_trait("youtube_admin_blocked"))
        return "admin_policy_enforced: Access to this app is blocked by your organization's administrator.";
    if (asked.client->has_flag(testing) && by.who.has_trait("youtube_no_tester"))
        return "access_denied: The app is being tested and can only be accessed by developer-approved "
               "testers.";
    auto const before = by.issued.standing(by.ref, asked.client->client_id);
    bool const shown = by.parameters.get("prompt").find("consent") != std::string_view::npos;
    if (before && before->has_all(asked.scopes) && !shown)
        asked.offline = false;
    if (before && by.parameters.get("include_granted_scopes") == "true")
        asked.scopes = asked.scopes.with_all(*before);
    return {};
}

std::string approved(oauth::authorize_request const& given, std::string_view code) {
    return "iss=" + percent_encode(issuer) + "&code=" + percent_encode(code) +
           "&scope=" + percent_encode(scopes().to_text(given.scopes)) + "&authuser=0&prompt=consent";
}

} // namespace

std::string_view project_of(std::string_view client_id) {
    return client_id.substr(0, client_id.find('-'));
}

std::span<std::string_view const> person_traits() {
    static constexpr std::array<std::string_view, 6> names{"youtube_no_channel",    "youtube_signup_required",
                                                           "youtube_admin_blocked", "youtube_session_ended",
                                                           "youtube_no_tester",     "youtube_upload_limit"};
    return names;
}

oauth::oauth_rules rules() {
    oauth::oauth_rules made{{}, scopes(), {}, {}};
    made.tokens.platform = "youtube";
    made.tokens.access_lifetime = std::chrono::seconds{3599};
    made.tokens.refresh = {.how = oauth::refreshing::keeps, .lifetime = std::chrono::hours{24 * 183}};
    made.tokens.revocation = oauth::revoking::person;
    made.tokens.family_of = project_of;
    made.tokens.most_of_a_person = 100;
    made.tokens.make_token = make_token;
    made.page.title = "Google";
    made.page.path = authorize_path;
    made.page.check = check;
    made.page.scopes_can_be_unticked = true;
    made.page.settle = settle;
    made.page.approved = approved;
    made.registration.flags = {testing,         "audited",          "deleted",      "internal",
                               "admin_blocked", "session_ended",    "api_disabled", "quota_exceeded",
                               "rate_limited",  "user_rate_limited"};
    made.registration.check = problem_of_app;
    return made;
}

} // namespace connectd::sandbox::youtube

#include "tools/sandbox/mastodon/rules.hpp"

#include "tools/sandbox/mastodon/scopes.hpp"

#include <utility>

namespace connectd::sandbox::mastodon {
namespace {

using oauth::checked;

// Doorkeeper sends what it can tell the client back to it: only a client or redirect URI that is wrong ends
// on a page.
std::string sent_back(oauth::authorize_request const& request, std::string_view error, std::string_view why) {
    auto const query = "error=" + std::string{error} + "&error_description=" + percent_encode(why);
    return oauth::back_to(request.redirect_uri, query, request.state);
}

bool registered_for(oauth::app const& client, oauth::scope_set asked) {
    auto allowed = oauth::scope_set{};
    for (auto const& name : client.scopes) {
        if (auto const row = scopes().find(name))
            allowed = allowed.with(*row);
    }
    // The app that is there from the start names none and has all.
    return client.scopes.empty() || allowed.has_all(asked);
}

checked check(form const& parameters, oauth::apps const& registered, sandbox::switches const& told) {
    oauth::authorize_request request;
    request.client = registered.find(parameters.get("client_id"));
    if (!request.client)
        return {{}, "Client authentication failed due to unknown client."};
    request.redirect_uri = parameters.get("redirect_uri");
    if (!request.client->has_redirect_uri(request.redirect_uri))
        return {{}, "The redirect uri included is not valid."};
    request.state = parameters.get("state");
    if (parameters.get("response_type") != "code")
        return {{},
                {},
                sent_back(request, "unsupported_response_type",
                          "The authorization server does not support this response type.")};
    auto const asked = scopes().read(parameters.has("scope") ? parameters.get("scope") : "read", ' ');
    if (asked.unknown || !knows_scopes(told, asked.scopes) || !registered_for(*request.client, asked.scopes))
        return {
            {},
            {},
            sent_back(request, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")};
    request.scopes = asked.scopes;
    if (!told.on(old_server)) {
        auto bound = oauth::read_challenge(parameters, {.required = false, .plain = false});
        if (!bound.problem.empty())
            return {{}, {}, sent_back(request, "invalid_request", "The code challenge method must be S256.")};
        request.bound = std::move(bound.bound);
    }
    request.offline = told.on(fork);
    if (told.on(fork))
        request.access_lifetime = fork_lifetime;
    request.reuses_token = !told.on(fresh_tokens) && !told.on(fork);
    return {std::move(request), {}};
}

} // namespace

bool knows_scopes(sandbox::switches const& told, oauth::scope_set asked) {
    return !told.on(old_server) || !asked.has(scope::profile);
}

oauth::oauth_rules rules(std::function<sandbox::switches const&()> told) {
    oauth::oauth_rules made{{}, scopes(), {}, {}};
    made.tokens.platform = "mastodon";
    made.tokens.code_lifetime = std::chrono::minutes{10};
    made.tokens.access_lifetime = oauth::endless;
    made.tokens.refresh = {.how = oauth::refreshing::rotates, .lifetime = oauth::endless};
    made.page.title = "Mastodon";
    made.page.path = authorize_path;
    made.page.check = [told = std::move(told)](form const& parameters, oauth::apps const& registered) {
        return check(parameters, registered, told());
    };
    made.page.declines = {{"deny", "error=access_denied&error_description=The+resource+owner+or+"
                                   "authorization+server+denied+the+request."}};
    return made;
}

} // namespace connectd::sandbox::mastodon

#include "tools/sandbox/pinterest/rules.hpp"

#include "crypto/random.hpp"
#include "tools/sandbox/pinterest/scopes.hpp"

namespace connectd::sandbox::pinterest {
namespace {

using oauth::checked;

std::string make_token(oauth::token_kind kind, sys_ms) {
    switch (kind) {
    case oauth::token_kind::code:
        return crypto::random_token(30);
    case oauth::token_kind::refresh:
        return "pinr." + crypto::random_token(60);
    default:
        return "pina_" + crypto::random_token(60);
    }
}

std::string problem_of(oauth::app const& candidate) {
    if (!candidate.confidential)
        return "Pinterest has no public clients";
    for (auto const& uri : candidate.redirect_uris) {
        bool const loopback = uri.starts_with("http://localhost") || uri.starts_with("http://127.0.0.1");
        if (!uri.starts_with("https://") && !loopback)
            return "redirect_uris must be https, or http on the loopback: " + uri;
    }
    return {};
}

// What is wrong stays on Pinterest's page. A list with spaces is one unknown scope; PKCE is ignored.
checked check(form const& parameters, oauth::apps const& registered) {
    if (parameters.get("response_type") != "code")
        return {{}, "response_type must be code"};
    oauth::authorize_request request;
    request.client = registered.find(parameters.get("client_id"));
    if (!request.client)
        return {{}, "client_id belongs to no app"};
    request.redirect_uri = parameters.get("redirect_uri");
    if (!request.client->has_redirect_uri(request.redirect_uri))
        return {{}, "redirect_uri is not one of those registered for the app"};
    request.state = parameters.get("state");
    auto const asked = scopes().read(parameters.get("scope"), ',');
    if (asked.unknown)
        return {{}, "scope is empty or names one that does not exist: " + *asked.unknown};
    request.scopes = asked.scopes;
    return {std::move(request), {}};
}

} // namespace

oauth::oauth_rules rules() {
    oauth::oauth_rules made{{}, scopes(), {}, {}};
    made.tokens.platform = "pinterest";
    made.tokens.access_lifetime = access_lifetime;
    made.tokens.refresh = {.how = oauth::refreshing::rotates, .lifetime = refresh_lifetime};
    made.tokens.make_token = make_token;
    made.page.title = "Pinterest";
    made.page.path = authorize_path;
    made.page.check = check;
    made.registration = {.flags = {trial_flag, old_flag, no_pin_edit_flag}, .check = problem_of};
    return made;
}

} // namespace connectd::sandbox::pinterest

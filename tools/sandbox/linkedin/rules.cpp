#include "tools/sandbox/linkedin/rules.hpp"

#include "crypto/random.hpp"
#include "tools/sandbox/linkedin/scopes.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::linkedin {
namespace {

using oauth::checked;

// LinkedIn's are long and warn of growing longer.
std::string make_token(oauth::token_kind kind, sys_ms) {
    auto const* const start = kind == oauth::token_kind::code      ? "AQT"
                              : kind == oauth::token_kind::refresh ? "AQX"
                                                                   : "AQV";
    return start + crypto::random_token(kind == oauth::token_kind::code ? 90 : 260);
}

std::string_view without_query(std::string_view uri) {
    return uri.substr(0, uri.find('?'));
}

// "Arguments are ignored": everything before the question mark is compared byte for byte.
bool is_registered(oauth::app const& client, std::string_view uri) {
    return uri.find('#') == std::string_view::npos &&
           std::ranges::any_of(client.redirect_uris, [&](std::string const& each) {
               return without_query(each) == without_query(uri);
           });
}

bool loopback(std::string_view uri) {
    constexpr std::array<std::string_view, 3> origins{"http://localhost", "http://127.0.0.1", "http://[::1]"};
    return std::ranges::any_of(origins, [&](std::string_view origin) { return uri.starts_with(origin); });
}

std::string problem_of(oauth::app const& candidate) {
    if (!candidate.confidential)
        return "LinkedIn has no public clients on the web flow";
    for (auto const& uri : candidate.redirect_uris) {
        if (!uri.starts_with("https://") && !loopback(uri))
            return "redirect_uris must be https, or http on the loopback: " + uri;
    }
    return {};
}

// The first of the scopes asked for that does not exist or is not the app's.
std::optional<std::string> unauthorized_scope(oauth::app const& client, oauth::scope_reading const& asked) {
    if (asked.unknown)
        return asked.unknown;
    if (client.scopes.empty())
        return std::nullopt;
    for (auto const& row : scopes().rows_of(asked.scopes)) {
        if (std::ranges::find(client.scopes, row.name) == client.scopes.end())
            return std::string{row.name};
    }
    return std::nullopt;
}

// An unknown client or redirect URI ends on LinkedIn's "Bummer, something went wrong"; a scope that the app
// does not have goes back before anybody is asked. PKCE parameters are ignored on the web flow.
checked check_authorize(form const& parameters, oauth::apps const& registered) {
    if (parameters.get("response_type") != "code")
        return {{}, "response_type must be code"};
    oauth::authorize_request request;
    request.client = registered.find(parameters.get("client_id"));
    if (!request.client)
        return {{}, "The passed in client_id is invalid"};
    request.redirect_uri = parameters.get("redirect_uri");
    if (!is_registered(*request.client, request.redirect_uri))
        return {{}, "The redirect_uri does not match the registered value"};
    request.state = parameters.get("state");
    auto const asked = scopes().read(parameters.get("scope"), ' ');
    if (auto const foreign = unauthorized_scope(*request.client, asked)) {
        auto const description = "Scope \"" + *foreign + "\" is not authorized for your application";
        return {
            {},
            {},
            oauth::back_to(request.redirect_uri,
                           "error=unauthorized_scope_error&error_description=" + percent_encode(description),
                           request.state)};
    }
    request.scopes = asked.scopes;
    request.nonce = parameters.get("nonce");
    request.offline = request.client->has_flag(refresh_tokens_flag);
    return {std::move(request), {}};
}

} // namespace

oauth::oauth_rules rules() {
    oauth::oauth_rules made{{}, scopes(), {}, {}};
    made.tokens.platform = "linkedin";
    made.tokens.code_lifetime = std::chrono::minutes{30};
    made.tokens.access_lifetime = access_lifetime;
    made.tokens.access_within_refresh = true;
    made.tokens.refresh = {.how = oauth::refreshing::keeps, .lifetime = refresh_lifetime, .renews = false};
    made.tokens.revocation = oauth::revoking::grant;
    made.tokens.make_token = make_token;
    made.page.title = "LinkedIn";
    made.page.path = authorize_path;
    made.page.check = check_authorize;
    made.page.declines = {
        {"deny", "error=user_cancelled_authorize&error_description=The+user+cancelled+the+authorization"},
        {"cancel_login", "error=user_cancelled_login&error_description=The+user+cancelled+LinkedIn+login"}};
    made.registration = {.flags = {refresh_tokens_flag}, .check = problem_of};
    return made;
}

} // namespace connectd::sandbox::linkedin

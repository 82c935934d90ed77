#include "tools/sandbox/x/rules.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "tools/sandbox/x/scopes.hpp"

namespace connectd::sandbox::x {
namespace {

using oauth::checked;

constexpr std::size_t longest_state = 500;

// X's look like base64 with a time inside.
std::string make_token(oauth::token_kind kind, sys_ms now) {
    auto inner = crypto::random_token(33);
    inner += ':';
    inner += std::to_string(now.time_since_epoch().count());
    inner += ":1:1:";
    inner += kind == oauth::token_kind::code ? "ac" : kind == oauth::token_kind::refresh ? "rt" : "at";
    inner += ":1";
    return crypto::encode_base64url(crypto::as_bytes(inner));
}

// A request that is not right ends on an error page and never goes back to the client, as on the real page:
// an unknown client, a redirect URI that is not registered byte for byte, an unknown scope, no state or one
// beyond 500 characters, no PKCE.
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
    auto const asked = scopes().read(parameters.get("scope"), ' ');
    if (asked.unknown)
        return {{}, "scope is empty or names a scope that does not exist"};
    request.scopes = asked.scopes;
    request.offline = asked.scopes.has(scope::offline_access);
    request.state = parameters.get("state");
    if (request.state.empty() || request.state.size() > longest_state)
        return {{}, "state must be 1 to 500 characters"};
    auto bound = oauth::read_challenge(parameters, {.required = true, .plain = true});
    if (!bound.problem.empty())
        return {{}, std::move(bound.problem)};
    request.bound = std::move(bound.bound);
    return {std::move(request), {}};
}

} // namespace

oauth::oauth_rules rules() {
    oauth::oauth_rules made{{}, scopes(), {}, {}};
    made.tokens.platform = "x";
    made.tokens.code_lifetime = std::chrono::seconds{30};
    made.tokens.access_lifetime = access_lifetime;
    made.tokens.refresh = {.how = oauth::refreshing::rotates,
                           .lifetime = std::chrono::hours{24 * 180},
                           .spent = oauth::replay::ends_grant};
    made.tokens.make_token = make_token;
    made.page.title = "X";
    made.page.path = authorize_path;
    made.page.check = check;
    return made;
}

} // namespace connectd::sandbox::x

#include "tools/sandbox/mastodon/token_endpoint.hpp"

#include "tools/sandbox/mastodon/rules.hpp"
#include "tools/sandbox/mastodon/scopes.hpp"
#include "tools/sandbox/mastodon/words.hpp"
#include "tools/sandbox/oauth/client_auth.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::mastodon {
namespace {

constexpr oauth::client_rules clients{.basic = oauth::basic_form::either, .public_clients = false};

reply unknown_client() {
    return oauth::error_reply(
        401, "invalid_client",
        "Client authentication failed due to unknown client, no client authentication included, "
        "or unsupported authentication method.");
}

reply invalid_grant() {
    return oauth::error_reply(
        400, "invalid_grant",
        "The provided authorization grant is invalid, expired, revoked, does not match the "
        "redirection URI used in the authorization request, or was issued to another client.");
}

reply missing(std::string_view parameter) {
    return oauth::error_reply(400, "invalid_request",
                              "Missing required parameter: " + std::string{parameter} + ".");
}

reply granted(oauth::tokens const& pair) {
    boost::json::object body{{"access_token", pair.access_token},
                             {"token_type", "Bearer"},
                             {"scope", scopes().to_text(pair.granted.scopes)},
                             {"created_at", unix_seconds(pair.granted.issued_at)}};
    if (!pair.refresh_token.empty())
        body.emplace("refresh_token", pair.refresh_token);
    if (pair.granted.expires_in)
        body.emplace("expires_in", pair.granted.expires_in->count());
    return oauth::token_reply(body);
}

} // namespace

reply token_endpoint::token(call const& request, sys_ms now) {
    auto const body = read_body(request);
    if (!body)
        return oauth::error_reply(400, "invalid_request", "The request body is malformed.");
    if (body->get("grant_type").empty())
        return missing("grant_type");
    auto const client = oauth::admit(request, *body, apps_, clients);
    return client.client ? issue(*client.client, *body, now) : unknown_client();
}

reply token_endpoint::issue(oauth::app const& client, form const& body, sys_ms now) {
    auto const type = body.get("grant_type");
    if (type != "authorization_code" && type != "refresh_token")
        return oauth::error_reply(
            400, "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server.");
    auto const spent = type == "authorization_code" ? "code" : "refresh_token";
    if (body.get(spent).empty())
        return missing(spent);
    auto const outcome = type == "authorization_code"
                             ? grants_.exchange(body.get("code"), client.client_id, body.get("redirect_uri"),
                                                body.get("code_verifier"), now)
                             : grants_.refresh(body.get("refresh_token"), client.client_id, now);
    auto const* const pair = std::get_if<oauth::tokens>(&outcome);
    return pair != nullptr ? granted(*pair) : invalid_grant();
}

reply token_endpoint::revoke(call const& request, sys_ms now) {
    auto const body = read_body(request);
    if (!body)
        return oauth::error_reply(400, "invalid_request", "The request body is malformed.");
    auto const client = oauth::admit(request, *body, apps_, clients);
    if (!client.client ||
        grants_.revoke(body->get("token"), client.client->client_id, now) == oauth::revocation::foreign)
        return oauth::error_reply(403, "unauthorized_client", "You are not authorized to revoke this token");
    // A token that is gone or was never there is as good as revoked.
    return json_reply(200, boost::json::object{});
}

} // namespace connectd::sandbox::mastodon

#include "tools/sandbox/x/token_endpoint.hpp"

#include "tools/sandbox/oauth/client_auth.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/x/rules.hpp"
#include "tools/sandbox/x/scopes.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::x {
namespace {

reply missing(std::string_view parameter) {
    return oauth::error_reply(400, "invalid_request",
                              "Missing required parameter [" + std::string{parameter} + "].");
}

reply no_valid_header() {
    return oauth::error_reply(401, "unauthorized_client", "Missing valid authorization header");
}

reply granted(oauth::tokens const& pair) {
    boost::json::object body{{"token_type", "bearer"},
                             {"expires_in", access_lifetime.count()},
                             {"access_token", pair.access_token},
                             {"scope", scopes().to_text(pair.granted.scopes)}};
    if (!pair.refresh_token.empty())
        body.emplace("refresh_token", pair.refresh_token);
    return oauth::token_reply(body);
}

// X says no more than this of codes and tokens that are not good.
reply refused(oauth::refusal reason) {
    switch (reason) {
    case oauth::refusal::code_unknown:
    case oauth::refusal::code_spent:
    case oauth::refusal::code_expired:
    case oauth::refusal::code_foreign:
        return oauth::error_reply(400, "invalid_request",
                                  "Value passed for the authorization code was invalid.");
    case oauth::refusal::redirect_mismatch:
        return oauth::error_reply(
            400, "invalid_request",
            "Value passed for the redirect uri did not match the uri of the authorization code.");
    case oauth::refusal::verifier_missing:
    case oauth::refusal::verifier_mismatch:
        return oauth::error_reply(400, "invalid_request",
                                  "Value passed for the code verifier did not match the code challenge.");
    default:
        return oauth::error_reply(400, "invalid_request", "Value passed for the token was invalid.");
    }
}

reply outcome_reply(oauth::token_outcome const& outcome) {
    auto const* const pair = std::get_if<oauth::tokens>(&outcome);
    return pair != nullptr ? granted(*pair) : refused(std::get<oauth::refusal>(outcome));
}

// A secret in the body does not help a confidential client: X wants the header.
constexpr oauth::client_rules clients{.basic = oauth::basic_form::either, .body = false};

reply refused(oauth::client_problem problem) {
    return problem == oauth::client_problem::two_clients
               ? oauth::error_reply(400, "invalid_request", "Value passed for the client id was invalid.")
               : no_valid_header();
}

} // namespace

reply token_endpoint::token(call const& request, sys_ms now) {
    auto const body = oauth::read_form_body(request);
    if (!body)
        return oauth::error_reply(400, "invalid_request", "The request body is malformed.");
    auto const type = body->get("grant_type");
    if (type.empty())
        return missing("grant_type");
    auto const client = oauth::admit(request, *body, apps_, clients);
    if (!client.client)
        return refused(client.problem);
    if (type == "authorization_code")
        return exchange(*client.client, *body, now);
    if (type == "refresh_token")
        return refresh(*client.client, *body, now);
    return oauth::error_reply(400, "unsupported_grant_type", "Value passed for the grant type was invalid.");
}

reply token_endpoint::exchange(oauth::app const& client, form const& body, sys_ms now) {
    for (auto const* const parameter : {"code", "redirect_uri", "code_verifier"}) {
        if (body.get(parameter).empty())
            return missing(parameter);
    }
    return outcome_reply(grants_.exchange(body.get("code"), client.client_id, body.get("redirect_uri"),
                                          body.get("code_verifier"), now));
}

reply token_endpoint::refresh(oauth::app const& client, form const& body, sys_ms now) {
    if (body.get("refresh_token").empty())
        return missing("refresh_token");
    return outcome_reply(grants_.refresh(body.get("refresh_token"), client.client_id, now));
}

reply token_endpoint::revoke(call const& request, sys_ms now) {
    auto const body = oauth::read_form_body(request);
    if (!body)
        return oauth::error_reply(400, "invalid_request", "The request body is malformed.");
    auto const client = oauth::admit(request, *body, apps_, clients);
    if (!client.client)
        return refused(client.problem);
    if (body->get("token").empty())
        return missing("token");
    // A token nobody knows is as good as revoked (RFC 7009 section 2.2).
    if (grants_.revoke(body->get("token"), client.client->client_id, now) == oauth::revocation::foreign)
        return refused(oauth::refusal::token_foreign);
    return json_reply(200, boost::json::object{{"revoked", true}});
}

} // namespace connectd::sandbox::x

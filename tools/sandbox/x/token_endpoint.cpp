#include "tools/sandbox/x/token_endpoint.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "tools/sandbox/x/problem.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::x {
namespace {

reply missing(std::string_view parameter) {
    return oauth_error(400, "invalid_request",
                       "Missing required parameter [" + std::string{parameter} + "].");
}

reply no_valid_header() {
    return oauth_error(401, "unauthorized_client", "Missing valid authorization header");
}

struct basic {
    std::string id;
    std::string secret;
};

// RFC 7617; id and secret may be percent-encoded, as RFC 6749 section 2.3.1 wants and few clients do.
std::optional<basic> decode_basic(std::string_view header) {
    constexpr std::string_view scheme = "Basic ";
    if (header.size() < scheme.size() || !equal_ignoring_case(header.substr(0, scheme.size()), scheme))
        return std::nullopt;
    auto const decoded = crypto::decode_base64(header.substr(scheme.size()));
    if (!decoded)
        return std::nullopt;
    auto const text = crypto::as_text(*decoded);
    auto const colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    return basic{std::string{text.substr(0, colon)}, std::string{text.substr(colon + 1)}};
}

bool same_secret(std::string_view sent, std::string_view registered) {
    return sent == registered || percent_decode(sent, true) == registered;
}

reply granted(token_pair const& pair) {
    boost::json::object body{{"token_type", "bearer"},
                             {"expires_in", access_lifetime.count()},
                             {"access_token", pair.access_token},
                             {"scope", pair.scopes.to_string()}};
    if (!pair.refresh_token.empty())
        body.emplace("refresh_token", pair.refresh_token);
    auto answer = json_reply(200, body);
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

reply refused(refusal reason) {
    switch (reason) {
    case refusal::code_invalid:
        return oauth_error(400, "invalid_request", "Value passed for the authorization code was invalid.");
    case refusal::redirect_mismatch:
        return oauth_error(
            400, "invalid_request",
            "Value passed for the redirect uri did not match the uri of the authorization code.");
    case refusal::verifier_mismatch:
        return oauth_error(400, "invalid_request",
                           "Value passed for the code verifier did not match the code challenge.");
    case refusal::token_invalid:
        break;
    }
    return oauth_error(400, "invalid_request", "Value passed for the token was invalid.");
}

reply outcome_reply(token_outcome const& outcome) {
    auto const* const pair = std::get_if<token_pair>(&outcome);
    return pair != nullptr ? granted(*pair) : refused(std::get<refusal>(outcome));
}

} // namespace

token_endpoint::admitted token_endpoint::admit(call const& request, form const& body) const {
    auto const header = request.header("authorization");
    if (!header) {
        if (!body.has("client_id"))
            return {nullptr, no_valid_header()};
        auto client = apps_.find(body.get("client_id"));
        // A secret in the body does not help a confidential client: X wants the header.
        if (!client || client->confidential)
            return {nullptr, no_valid_header()};
        return {std::move(client), {}};
    }
    auto const sent = decode_basic(*header);
    if (!sent)
        return {nullptr, no_valid_header()};
    auto client = apps_.find(sent->id);
    if (!client) {
        if (auto const decoded = percent_decode(sent->id, true))
            client = apps_.find(*decoded);
    }
    if (!client || !client->confidential || !same_secret(sent->secret, client->client_secret))
        return {nullptr, no_valid_header()};
    if (body.has("client_id") && body.get("client_id") != client->client_id)
        return {nullptr, oauth_error(400, "invalid_request", "Value passed for the client id was invalid.")};
    return {std::move(client), {}};
}

reply token_endpoint::token(call const& request, sys_ms now) {
    // A body that is no form has no parameters for X, and the first one it misses is this.
    auto const body = request.has_content_type("application/x-www-form-urlencoded")
                          ? form::parse(request.body)
                          : std::optional<form>{form{}};
    if (!body || body->repeated())
        return oauth_error(400, "invalid_request", "The request body is malformed.");
    auto const type = body->get("grant_type");
    if (type.empty())
        return missing("grant_type");
    auto const client = admit(request, *body);
    if (!client.client)
        return client.refused;
    if (type == "authorization_code")
        return exchange(*client.client, *body, now);
    if (type == "refresh_token")
        return refresh(*client.client, *body, now);
    return oauth_error(400, "unsupported_grant_type", "Value passed for the grant type was invalid.");
}

reply token_endpoint::exchange(app const& client, form const& body, sys_ms now) {
    for (auto const* const parameter : {"code", "redirect_uri", "code_verifier"}) {
        if (body.get(parameter).empty())
            return missing(parameter);
    }
    return outcome_reply(grants_.exchange(body.get("code"), client.client_id, body.get("redirect_uri"),
                                          body.get("code_verifier"), now));
}

reply token_endpoint::refresh(app const& client, form const& body, sys_ms now) {
    if (body.get("refresh_token").empty())
        return missing("refresh_token");
    return outcome_reply(grants_.refresh(body.get("refresh_token"), client.client_id, now));
}

reply token_endpoint::revoke(call const& request, sys_ms now) {
    auto const body = request.has_content_type("application/x-www-form-urlencoded")
                          ? form::parse(request.body)
                          : std::optional<form>{form{}};
    if (!body || body->repeated())
        return oauth_error(400, "invalid_request", "The request body is malformed.");
    auto const client = admit(request, *body);
    if (!client.client)
        return client.refused;
    if (body->get("token").empty())
        return missing("token");
    if (!grants_.revoke(body->get("token"), client.client->client_id, now))
        return refused(refusal::token_invalid);
    return json_reply(200, boost::json::object{{"revoked", true}});
}

} // namespace connectd::sandbox::x

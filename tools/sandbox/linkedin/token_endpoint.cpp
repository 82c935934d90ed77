#include "tools/sandbox/linkedin/token_endpoint.hpp"

#include "tools/sandbox/linkedin/scopes.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::linkedin {
namespace {

using oauth::error_reply;

constexpr oauth::client_rules clients{.public_clients = false};

reply missing(std::string_view parameter) {
    return error_reply(400, "invalid_request",
                       "A required parameter \"" + std::string{parameter} + "\" is missing");
}

reply refused(oauth::client_problem problem, form const& body) {
    if (problem == oauth::client_problem::missing)
        return missing(body.get("client_id").empty() ? "client_id" : "client_secret");
    return error_reply(401, "invalid_client", "Client authentication failed");
}

bool about_a_code(oauth::refusal reason) {
    return reason <= oauth::refusal::verifier_mismatch;
}

reply refused(oauth::refusal reason) {
    if (about_a_code(reason))
        return error_reply(400, "invalid_request",
                           "Unable to retrieve access token: appid/redirect uri/code verifier does not match "
                           "authorization code. Or authorization code expired. Or external member binding "
                           "exists");
    return error_reply(400, "invalid_grant",
                       "The provided authorization grant or refresh token is invalid, expired or revoked");
}

} // namespace

token_endpoint::asked token_endpoint::read(call const& request) const {
    auto body = oauth::read_form_body(request);
    if (!body)
        return {{},
                nullptr,
                error_reply(400, "invalid_request", "A parameter is malformed or comes more than once")};
    auto client = oauth::admit(request, *body, apps_, clients);
    auto no = client.client ? reply{} : refused(client.problem, *body);
    return {std::move(*body), std::move(client.client), std::move(no)};
}

reply token_endpoint::token(call const& request, sys_ms now) {
    auto const body = oauth::read_form_body(request);
    if (body && body->get("grant_type").empty())
        return missing("grant_type");
    auto const got = read(request);
    if (!got.client)
        return got.refused;
    auto const type = got.body.get("grant_type");
    if (type == "authorization_code")
        return exchange(*got.client, got.body, now);
    if (type == "refresh_token")
        return refresh(*got.client, got.body, now);
    if (type == "client_credentials")
        return error_reply(401, "access_denied",
                           "This application is not allowed to create application tokens");
    return error_reply(400, "unsupported_grant_type", "The grant type is not supported");
}

reply token_endpoint::exchange(oauth::app const& client, form const& body, sys_ms now) {
    for (auto const* const parameter : {"code", "redirect_uri"}) {
        if (body.get(parameter).empty())
            return missing(parameter);
    }
    return answer(grants_.exchange(body.get("code"), client.client_id, body.get("redirect_uri"), "", now),
                  now);
}

reply token_endpoint::refresh(oauth::app const& client, form const& body, sys_ms now) {
    if (body.get("refresh_token").empty())
        return missing("refresh_token");
    return answer(grants_.refresh(body.get("refresh_token"), client.client_id, now), now);
}

reply token_endpoint::answer(oauth::token_outcome const& outcome, sys_ms now) const {
    auto const* const issued = std::get_if<oauth::tokens>(&outcome);
    if (issued == nullptr)
        return refused(std::get<oauth::refusal>(outcome));
    boost::json::object body{{"access_token", issued->access_token},
                             {"expires_in", issued->granted.expires_in->count()}};
    if (!issued->refresh_token.empty()) {
        body["refresh_token"] = issued->refresh_token;
        body["refresh_token_expires_in"] = issued->refresh_expires_in->count();
    }
    // With commas, although it was asked for with spaces.
    body["scope"] = scopes().to_text(issued->granted.scopes, ",");
    body["token_type"] = "Bearer";
    if (issued->granted.scopes.has(scope::openid))
        body["id_token"] = members_.id_token(*issued, now);
    return oauth::token_reply(body);
}

reply token_endpoint::introspect(call const& request, sys_ms now) {
    auto const got = read(request);
    if (!got.client)
        return got.refused;
    auto const token = got.body.get("token");
    if (token.empty())
        return missing("token");
    auto const found = grants_.inspect(token, now);
    auto const* const allowed = std::get_if<oauth::access>(&found);
    if (allowed == nullptr || allowed->client_id != got.client->client_id) {
        boost::json::object body{{"active", false}};
        if (auto const* const reason = std::get_if<oauth::refusal>(&found);
            reason != nullptr && *reason != oauth::refusal::token_unknown)
            body["status"] = *reason == oauth::refusal::token_expired ? "expired" : "revoked";
        return json_reply(200, body);
    }
    auto const issued_at = unix_seconds(allowed->issued_at);
    return json_reply(200, boost::json::object{{"active", true},
                                               {"client_id", allowed->client_id},
                                               {"authorized_at", issued_at},
                                               {"created_at", issued_at},
                                               {"status", "active"},
                                               {"expires_at", unix_seconds(now + *allowed->expires_in)},
                                               {"scope", scopes().to_text(allowed->scopes, ",")},
                                               {"auth_type", "3L"}});
}

reply token_endpoint::revoke(call const& request, sys_ms now) {
    auto const got = read(request);
    if (!got.client)
        return got.refused;
    auto const token = got.body.get("token");
    if (token.empty())
        return missing("token");
    auto const done = grants_.revoke(token, got.client->client_id, now);
    if (done == oauth::revocation::unknown || done == oauth::revocation::foreign)
        return error_reply(400, "invalid_request", "The token is not one of this application");
    return {200, "", {}, ""};
}

} // namespace connectd::sandbox::linkedin

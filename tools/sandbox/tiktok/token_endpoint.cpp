#include "tools/sandbox/tiktok/token_endpoint.hpp"

#include "tools/sandbox/oauth/client_auth.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/tiktok/rules.hpp"
#include "tools/sandbox/tiktok/scopes.hpp"
#include "tools/sandbox/tiktok/words.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::tiktok {
namespace {

constexpr oauth::client_rules clients{.public_clients = false, .id_name = "client_key"};

reply granted(oauth::tokens const& pair, std::string_view open_id) {
    boost::json::object body{{"access_token", pair.access_token},
                             {"expires_in", pair.granted.expires_in->count()},
                             {"open_id", open_id},
                             {"refresh_token", pair.refresh_token},
                             {"scope", scopes().to_text(pair.granted.scopes, ",")},
                             {"token_type", "Bearer"}};
    if (pair.refresh_expires_in)
        body.emplace("refresh_expires_in", pair.refresh_expires_in->count());
    return oauth::token_reply(body);
}

} // namespace

reply token_endpoint::refuse(unsigned status, std::string_view error, std::string_view why,
                             sys_ms now) const {
    return oauth_error(told_.on(errors_with_status) ? status : 200, error, why, now);
}

reply token_endpoint::refuse(oauth::refusal reason, sys_ms now) const {
    switch (reason) {
    case oauth::refusal::code_expired:
        return refuse(400, "invalid_grant", "Authorization code is expired.", now);
    case oauth::refusal::redirect_mismatch:
        return refuse(400, "invalid_request",
                      "Redirect_uri is not matched with the uri when requesting code.", now);
    case oauth::refusal::verifier_missing:
    case oauth::refusal::verifier_mismatch:
        return refuse(400, "invalid_request", "Code verifier or code challenge is invalid.", now);
    case oauth::refusal::code_unknown:
    case oauth::refusal::code_spent:
    case oauth::refusal::code_foreign:
        return refuse(400, "invalid_grant", "Authorization code is invalid.", now);
    default:
        return refuse(400, "invalid_grant", "Refresh token is invalid or expired.", now);
    }
}

token_endpoint::caller token_endpoint::admit(call const& request, sys_ms now) const {
    caller found;
    found.body = oauth::read_form_body(request);
    if (!found.body) {
        found.refused = refuse(400, "invalid_request", "The request parameters are malformed.", now);
        return found;
    }
    found.client = oauth::admit(request, *found.body, apps_, clients).client;
    if (!found.client)
        found.refused = refuse(401, "invalid_client", "Client key or secret is incorrect.", now);
    return found;
}

reply token_endpoint::token(call const& request, sys_ms now) {
    auto const asked = admit(request, now);
    if (!asked.client)
        return asked.refused;
    auto const& body = *asked.body;
    auto const type = body.get("grant_type");
    if (type != "authorization_code" && type != "refresh_token")
        return refuse(400, "unsupported_grant_type", "The grant type is not supported.", now);
    if (body.get(type == "refresh_token" ? type : "code").empty())
        return refuse(400, "invalid_request", "The request parameters are malformed.", now);
    auto const& key = asked.client->client_id;
    auto const outcome = type == "refresh_token"
                             ? grants_.refresh(body.get("refresh_token"), key, now)
                             : grants_.exchange(body.get("code"), key, body.get("redirect_uri"),
                                                body.get("code_verifier"), now);
    auto const* const pair = std::get_if<oauth::tokens>(&outcome);
    return pair != nullptr ? granted(*pair, open_id_of(pair->granted.person, key))
                           : refuse(std::get<oauth::refusal>(outcome), now);
}

reply token_endpoint::revoke(call const& request, sys_ms now) {
    auto const asked = admit(request, now);
    if (!asked.client)
        return asked.refused;
    auto const token = asked.body->get("token");
    auto const found = grants_.inspect(token, now);
    auto const* const why = std::get_if<oauth::refusal>(&found);
    // What was revoked before is gone; one that has ended by itself is not taken (unconfirmed, the stricter
    // reading).
    if (why != nullptr && *why == oauth::refusal::token_revoked)
        return {200, "", {}, ""};
    auto const* const living = std::get_if<oauth::access>(&found);
    if (living == nullptr || living->kind != oauth::token_kind::access ||
        living->client_id != asked.client->client_id)
        return refuse(400, "invalid_request", "The access token is invalid or not found in the request.",
                      now);
    grants_.revoke(token, asked.client->client_id, now);
    return {200, "", {}, ""};
}

} // namespace connectd::sandbox::tiktok

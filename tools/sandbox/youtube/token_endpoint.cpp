#include "tools/sandbox/youtube/token_endpoint.hpp"

#include "tools/sandbox/oauth/client_auth.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/youtube/accounts.hpp"
#include "tools/sandbox/youtube/rules.hpp"
#include "tools/sandbox/youtube/scopes.hpp"

namespace connectd::sandbox::youtube {
namespace {

constexpr oauth::client_rules clients{.basic = oauth::basic_form::either};

reply missing(std::string_view parameter) {
    return oauth::error_reply(400, "invalid_request",
                              "Missing required parameter: " + std::string{parameter});
}

reply refused(oauth::client_problem problem, form const& body) {
    switch (problem) {
    case oauth::client_problem::missing:
        return body.get("client_id").empty()
                   ? oauth::error_reply(400, "invalid_request", "Could not determine client ID from request.")
                   : oauth::error_reply(400, "invalid_request", "client_secret is missing.");
    case oauth::client_problem::two_clients:
        return oauth::error_reply(400, "invalid_request", "Client ID in body and header do not match.");
    case oauth::client_problem::wrong_secret:
        return oauth::error_reply(401, "invalid_client", "The provided client secret is invalid.");
    case oauth::client_problem::unknown:
        return oauth::error_reply(401, "invalid_client", "The OAuth client was not found.");
    default:
        return oauth::error_reply(401, "invalid_client", "Unauthorized");
    }
}

// A code that was encoded twice still has its percent signs; the rest Google calls a bad request.
reply refused_code(oauth::refusal reason, std::string_view code) {
    switch (reason) {
    case oauth::refusal::redirect_mismatch:
        return oauth::error_reply(400, "redirect_uri_mismatch", "Bad Request");
    case oauth::refusal::verifier_missing:
        return oauth::error_reply(400, "invalid_grant", "Missing code verifier.");
    case oauth::refusal::verifier_mismatch:
        return oauth::error_reply(400, "invalid_grant", "Invalid code verifier.");
    default:
        bool const malformed = !code.starts_with("4/") || code.find('%') != std::string_view::npos;
        return oauth::error_reply(400, "invalid_grant", malformed ? "Malformed auth code." : "Bad Request");
    }
}

reply refused_token(oauth::refusal reason) {
    switch (reason) {
    case oauth::refusal::token_foreign:
        return oauth::error_reply(401, "unauthorized_client", "Unauthorized");
    case oauth::refusal::scope_widened:
        return oauth::error_reply(400, "invalid_scope", "Bad Request");
    case oauth::refusal::token_unknown:
    case oauth::refusal::token_wrong_kind:
        return oauth::error_reply(400, "invalid_grant", "Bad Request");
    default:
        return oauth::error_reply(400, "invalid_grant", "Token has been expired or revoked.");
    }
}

// The session control of Google Workspace wants the person to sign in again.
reply session_ended() {
    return oauth::token_reply({{"error", "invalid_grant"},
                               {"error_description", "reauth related error (invalid_rapt)"},
                               {"error_uri", "https://support.google.com/a/answer/9368756"},
                               {"error_subtype", "invalid_rapt"}},
                              400);
}

} // namespace

reply token_endpoint::token(call const& request, sys_ms now) {
    auto const body = oauth::read_form_body(request);
    if (!body)
        return oauth::error_reply(400, "invalid_request", "Bad Request");
    auto const type = body->get("grant_type");
    if (type.empty())
        return oauth::error_reply(400, "invalid_request", "Required parameter is missing: grant_type");
    auto const client = oauth::admit(request, *body, apps_, clients);
    if (!client.client)
        return refused(client.problem, *body);
    if (client.client->has_flag("deleted"))
        return oauth::error_reply(401, "deleted_client", "The OAuth client was deleted.");
    if (type == "authorization_code")
        return exchange(*client.client, *body, now);
    if (type == "refresh_token")
        return refresh(*client.client, *body, now);
    return oauth::error_reply(400, "unsupported_grant_type", "Invalid grant_type: " + std::string{type});
}

reply token_endpoint::exchange(oauth::app const& client, form const& body, sys_ms now) {
    for (auto const* const parameter : {"code", "redirect_uri"}) {
        if (body.get(parameter).empty())
            return missing(parameter);
    }
    auto const code = body.get("code");
    auto const outcome =
        grants_.exchange(code, client.client_id, body.get("redirect_uri"), body.get("code_verifier"), now);
    auto const* const issued = std::get_if<oauth::tokens>(&outcome);
    return issued != nullptr ? granted(*issued, true, now)
                             : refused_code(std::get<oauth::refusal>(outcome), code);
}

reply token_endpoint::refresh(oauth::app const& client, form const& body, sys_ms now) {
    auto const token = body.get("refresh_token");
    if (token.empty())
        return missing("refresh_token");
    auto const found = grants_.inspect(token, now);
    if (auto const* const allowed = std::get_if<oauth::access>(&found)) {
        auto const who = people_.at(allowed->person);
        if (client.has_flag("admin_blocked") || who->has_trait("youtube_admin_blocked"))
            return oauth::error_reply(400, "admin_policy_enforced",
                                      "Access to your account data is restricted by policies within your "
                                      "organization.");
        if (client.has_flag("session_ended") || who->has_trait("youtube_session_ended"))
            return session_ended();
    }
    std::optional<oauth::scope_set> narrowed;
    if (body.has("scope")) {
        auto const asked = read_scopes(body.get("scope"));
        if (asked.unknown)
            return refused_token(oauth::refusal::scope_widened);
        narrowed = asked.scopes;
    }
    auto const outcome = grants_.refresh(token, client.client_id, now, narrowed);
    auto const* const issued = std::get_if<oauth::tokens>(&outcome);
    return issued != nullptr ? granted(*issued, false, now)
                             : refused_token(std::get<oauth::refusal>(outcome));
}

reply token_endpoint::granted(oauth::tokens const& issued, bool first, sys_ms now) const {
    auto const& allowed = issued.granted;
    boost::json::object body{{"access_token", issued.access_token},
                             {"expires_in", allowed.expires_in.value_or(std::chrono::seconds{0}).count()},
                             {"scope", scopes().to_text(allowed.scopes)},
                             {"token_type", "Bearer"}};
    if (first && !issued.refresh_token.empty()) {
        body.emplace("refresh_token", issued.refresh_token);
        // Of time-limited grants only.
        auto const client = apps_.find(allowed.client_id);
        if (client && client->has_flag(testing))
            body.emplace("refresh_token_expires_in",
                         issued.refresh_expires_in.value_or(std::chrono::seconds{0}).count());
    }
    if (allowed.scopes.has(scope::openid))
        body.emplace("id_token", id_token(*people_.at(allowed.person), issued, public_url_, now));
    return oauth::token_reply(body);
}

reply token_endpoint::revoke(call const& request, sys_ms now) {
    auto const body = oauth::read_form_body(request);
    if (!body)
        return oauth::error_reply(400, "invalid_request", "Bad Request");
    if (body->get("token").empty())
        return missing("token");
    if (grants_.revoke(body->get("token"), "", now) != oauth::revocation::done)
        return oauth::error_reply(400, "invalid_token", "Token expired or revoked");
    return json_reply(200, boost::json::object{});
}

reply token_endpoint::tokeninfo(call const& request, sys_ms now) const {
    auto const query = form::parse(request.query);
    auto const allowed = query ? grants_.check(query->get("access_token"), now) : std::nullopt;
    if (!allowed)
        return oauth::error_reply(400, "invalid_token", "Invalid Value");
    auto const seconds = allowed->expires_in.value_or(std::chrono::seconds{0});
    auto const who = people_.at(allowed->person);
    boost::json::object body{{"azp", allowed->client_id},
                             {"aud", allowed->client_id},
                             {"sub", account_id(*who)},
                             {"scope", scopes().to_text(allowed->scopes)},
                             {"exp", std::to_string(unix_seconds(now + seconds))},
                             {"expires_in", std::to_string(seconds.count())}};
    if (allowed->scopes.has(scope::email)) {
        body.emplace("email", who->email);
        body.emplace("email_verified", "true");
    }
    return json_reply(200, body);
}

} // namespace connectd::sandbox::youtube

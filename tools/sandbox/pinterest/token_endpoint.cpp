#include "tools/sandbox/pinterest/token_endpoint.hpp"

#include "tools/sandbox/oauth/client_auth.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/pinterest/errors.hpp"
#include "tools/sandbox/pinterest/rules.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::pinterest {
namespace {

// Credentials are not read from the body.
constexpr oauth::client_rules clients{
    .basic = oauth::basic_form::either, .body = false, .public_clients = false};

reply missing(std::string_view parameter) {
    return invalid_request("Missing required parameter: " + std::string{parameter});
}

} // namespace

reply token_endpoint::token(call const& request, sys_ms now) {
    auto const body = oauth::read_form_body(request);
    if (!body)
        return invalid_request("The body is no form");
    auto const client = oauth::admit(request, *body, apps_, clients);
    if (!client.client)
        return authentication_failed();
    auto const standing = gate_.take(*client.client, 0, category::org_read, now);
    if (!standing.allowed)
        return gate::announce(rate_limited(), standing, now);
    auto const type = body->get("grant_type");
    auto answer = type == "authorization_code" ? exchange(*client.client, *body, now)
                  : type == "refresh_token"    ? refresh(*client.client, *body, now)
                  : type.empty()               ? missing("grant_type")
                                               : invalid_request("Unsupported grant_type");
    return gate::announce(std::move(answer), standing, now);
}

reply token_endpoint::exchange(oauth::app const& client, form const& body, sys_ms now) {
    for (auto const* const parameter : {"code", "redirect_uri"}) {
        if (body.get(parameter).empty())
            return missing(parameter);
    }
    bool const legacy = client.has_flag(old_flag) && body.get("continuous_refresh") != "true";
    auto const outcome = grants_.exchange(body.get("code"), client.client_id, body.get("redirect_uri"), "",
                                          now, [legacy](oauth::code_request& request) {
                                              if (!legacy)
                                                  return;
                                              request.refresh_lifetime = legacy_refresh_lifetime;
                                              request.refresh_renews = false;
                                              request.refresh_rotates = false;
                                          });
    auto const* const issued = std::get_if<oauth::tokens>(&outcome);
    return issued != nullptr ? granted(*issued, "authorization_code", {}, now) : invalid_grant();
}

reply token_endpoint::refresh(oauth::app const& client, form const& body, sys_ms now) {
    auto const sent = body.get("refresh_token");
    if (sent.empty())
        return missing("refresh_token");
    std::optional<oauth::scope_set> narrowed;
    if (auto const text = body.get("scope"); !text.empty()) {
        auto const asked = scopes().read(text, ',');
        if (asked.unknown)
            return invalid_request("Unknown scope: " + *asked.unknown);
        narrowed = asked.scopes;
    }
    auto const outcome = grants_.refresh(sent, client.client_id, now, narrowed);
    if (auto const* const reason = std::get_if<oauth::refusal>(&outcome))
        return *reason == oauth::refusal::scope_widened ? invalid_request("scope may only be narrowed")
                                                        : invalid_grant();
    return granted(std::get<oauth::tokens>(outcome), "refresh_token", sent, now);
}

// A refresh token that stays is not sent again.
reply token_endpoint::granted(oauth::tokens const& issued, std::string_view response_type,
                              std::string_view sent, sys_ms now) const {
    auto const* const separator = switches_.on(comma_scopes) ? "," : " ";
    boost::json::object body{{"access_token", issued.access_token},
                             {"response_type", response_type},
                             {"token_type", "bearer"},
                             {"expires_in", issued.granted.expires_in->count()},
                             {"scope", scopes().to_text(issued.granted.scopes, separator)}};
    if (issued.refresh_token != sent) {
        auto const lifetime = issued.refresh_expires_in->count();
        body["refresh_token"] = issued.refresh_token;
        body["refresh_token_expires_in"] = lifetime;
        body["refresh_token_expires_at"] = unix_seconds(now) + lifetime;
    }
    return oauth::token_reply(body);
}

reply token_endpoint::revoke(call const& request, sys_ms) {
    auto const body = oauth::read_form_body(request);
    if (!body)
        return invalid_request("The body is no form");
    if (!oauth::admit(request, *body, apps_, clients).client)
        return authentication_failed();
    if (body->get("token").empty())
        return missing("token");
    return not_permitted();
}

} // namespace connectd::sandbox::pinterest

#include "tools/sandbox/graph/extending_tokens.hpp"

#include "tools/sandbox/graph/parameters.hpp"
#include "tools/sandbox/oauth/replies.hpp"

namespace connectd::sandbox::graph {
namespace {

constexpr std::string_view wrong_secret_text = "Error validating client secret.";

std::string_view refusal_text(oauth::refusal why) {
    switch (why) {
    case oauth::refusal::code_expired:
        return "This authorization code has expired.";
    case oauth::refusal::redirect_mismatch:
        return "Error validating verification code. Please make sure your redirect_uri is identical to the "
               "one "
               "you used in the OAuth dialog request";
    default:
        return "Matching code was not found or was already used";
    }
}

} // namespace

reply flat_error(unsigned status, std::string_view message) {
    return json_reply(
        status,
        boost::json::object{{"error_type", "OAuthException"}, {"code", status}, {"error_message", message}});
}

extending_tokens::extending_tokens(extending_rules rules, oauth::apps const& registered,
                                   oauth::grants& issued, people const& persons, gate& door,
                                   switches const& how)
    : rules_{std::move(rules)},
      apps_{registered},
      grants_{issued},
      people_{persons},
      gate_{door},
      switches_{how} {}

reply extending_tokens::wrong_secret() const {
    auto error = known_error(1);
    error.status = 400;
    error.message = wrong_secret_text;
    error.challenge = "invalid_client";
    return gate_.refuse(std::move(error));
}

reply extending_tokens::unsupported(std::string_view method) const {
    auto error = known_error(100);
    error.type = gate_.method_exception();
    error.message = "Unsupported request - method type: " + lower_case(method);
    return gate_.refuse(std::move(error));
}

reply extending_tokens::token(call const& request, sys_ms now) {
    if (request.method != "POST" && !rules_.query_taken)
        return flat_error(400, "Unsupported request - method type: " + lower_case(request.method));
    auto const body = read_parameters(request, {.query = rules_.query_taken, .json = false});
    if (!body || body->repeated())
        return flat_error(400, "The parameters are malformed");
    auto const client = apps_.find(body->get("client_id"));
    if (!client)
        return flat_error(400, "Invalid platform app");
    if (body->get("client_secret") != client->client_secret)
        return switches_.on(rules_.graph_secret_switch) ? wrong_secret() : flat_error(400, wrong_secret_text);
    if (body->get("grant_type") != "authorization_code")
        return flat_error(400, "Invalid grant_type");
    for (auto const* const name : {"redirect_uri", "code"}) {
        if (body->get(name).empty())
            return flat_error(400, "You must provide a " + std::string{name});
    }
    if (auto error = gate_.trouble_without_token("token"))
        return flat_error(error->status, error->message);
    auto const got =
        grants_.exchange(body->get("code"), client->client_id, body->get("redirect_uri"), {}, now);
    if (auto const* const why = std::get_if<oauth::refusal>(&got))
        return flat_error(400, refusal_text(*why));
    auto const& issued = std::get<oauth::tokens>(got);
    return oauth::token_reply(rules_.code_reply(issued, *client, *people_.at(issued.granted.person)));
}

std::variant<caller, reply> extending_tokens::asking(call const& request, form const& parameters,
                                                     std::string_view grant, std::string_view endpoint,
                                                     sys_ms now) {
    if (request.method != "GET" || parameters.get("grant_type") != grant)
        return unsupported(request.method);
    auto const token = access_token_of(parameters, request);
    if (token.empty())
        return gate_.refuse(known_error(104));
    return gate_.admit_token(token, endpoint, now);
}

reply extending_tokens::exchange(call const& request, sys_ms now) {
    auto const parameters = read_parameters(request).value_or(form{});
    auto const found = asking(request, parameters, rules_.exchange_grant, "exchange", now);
    if (auto const* const refusal = std::get_if<reply>(&found))
        return *refusal;
    auto const& by = std::get<caller>(found);
    if (parameters.get("client_secret") != by.client->client_secret)
        return wrong_secret();
    return answer(grants_.exchange_for_long(by.token, by.client->client_id, now), now);
}

reply extending_tokens::refresh(call const& request, sys_ms now) {
    auto const parameters = read_parameters(request).value_or(form{});
    auto const found = asking(request, parameters, rules_.refresh_grant, "refresh", now);
    if (auto const* const refusal = std::get_if<reply>(&found))
        return *refusal;
    return answer(grants_.extend(std::get<caller>(found).token, {}, now), now);
}

reply extending_tokens::answer(oauth::token_outcome const& got, sys_ms now) const {
    if (auto const* const why = std::get_if<oauth::refusal>(&got)) {
        if (*why == oauth::refusal::token_wrong_kind)
            return unsupported("GET");
        // Which error it is nobody tells; the token itself is well.
        if (*why == oauth::refusal::token_too_young)
            return gate_.refuse(
                bad_parameter("The access token must be at least 24 hours old to be refreshed"));
        return gate_.dead(*why, now);
    }
    auto const& issued = std::get<oauth::tokens>(got);
    boost::json::object body{{"access_token", issued.access_token},
                             {"token_type", "bearer"},
                             {"expires_in", issued.granted.expires_in->count()}};
    if (auto const names = rules_.permissions(issued.granted.scopes); !names.empty())
        body["permissions"] = names;
    return oauth::token_reply(body);
}

} // namespace connectd::sandbox::graph

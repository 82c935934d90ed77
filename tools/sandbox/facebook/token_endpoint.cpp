#include "tools/sandbox/facebook/token_endpoint.hpp"

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "tools/sandbox/graph/parameters.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::facebook {
namespace {

using graph::graph_error;
using graph::known_error;

graph_error about(int code, std::string_view message, std::string_view challenge, int subcode = 0) {
    auto error = known_error(code);
    error.subcode = subcode;
    error.message = message;
    error.status = 400;
    error.challenge = challenge;
    return error;
}

graph_error refused(oauth::refusal why) {
    switch (why) {
    case oauth::refusal::code_spent:
        return about(100, "This authorization code has been used.", "invalid_code", 36009);
    case oauth::refusal::code_expired:
        return about(100, "This authorization code has expired.", "invalid_code", 36007);
    case oauth::refusal::redirect_mismatch:
        return about(100,
                     "Error validating verification code. Please make sure your redirect_uri is identical to "
                     "the one you used in the OAuth dialog request",
                     "invalid_code", 36008);
    default:
        return about(100, "Invalid verification code format.", "invalid_code");
    }
}

} // namespace

std::string app_token(oauth::app const& client) {
    auto const mark = crypto::hmac_sha256(client.client_secret, "app token");
    return client.client_id + "|" + crypto::encode_base64url(crypto::bytes_view{mark}.first(20));
}

std::shared_ptr<oauth::app const> app_of_token(std::string_view token, oauth::apps const& registered) {
    auto const bar = token.find('|');
    if (bar == std::string_view::npos)
        return nullptr;
    auto client = registered.find(token.substr(0, bar));
    bool const right =
        client && (token.substr(bar + 1) == client->client_secret || token == app_token(*client));
    return right ? std::move(client) : nullptr;
}

reply token_endpoint::token(call const& request, sys_ms now) {
    auto const parameters = graph::read_parameters(request);
    if (!parameters || parameters->repeated())
        return gate_.refuse(graph::bad_parameter("The parameters are malformed"));
    auto const id = parameters->get("client_id");
    if (id.empty())
        return gate_.refuse(about(101, "Missing client_id parameter.", "invalid_request"));
    auto const client = apps_.find(id);
    if (!client)
        return gate_.refuse(known_error(101));
    auto const secret = parameters->get("client_secret");
    if (secret.empty())
        return gate_.refuse(about(1, "Missing client_secret parameter.", "invalid_request"));
    if (secret != client->client_secret)
        return gate_.refuse(about(1, "Error validating client secret.", "invalid_client"));
    auto const type = parameters->get("grant_type");
    if (type == "fb_exchange_token")
        return exchange_for_long(*client, *parameters, now);
    if (type == "client_credentials")
        return json_reply(
            200, boost::json::object{{"access_token", app_token(*client)}, {"token_type", "bearer"}});
    if (!type.empty() && type != "authorization_code")
        return gate_.refuse(about(100, "Unsupported grant_type: " + std::string{type}, "invalid_request"));
    return exchange(*client, *parameters, now);
}

reply token_endpoint::exchange(oauth::app const& client, form const& parameters, sys_ms now) {
    if (parameters.get("redirect_uri").empty())
        return gate_.refuse(about(191, "Missing redirect_uri parameter.", "invalid_request"));
    if (parameters.get("code").empty())
        return gate_.refuse(about(1, "Missing authorization code", "invalid_request"));
    if (auto trouble = gate_.trouble_without_token("token"))
        return gate_.refuse(std::move(*trouble));
    auto const got =
        grants_.exchange(parameters.get("code"), client.client_id, parameters.get("redirect_uri"), {}, now);
    if (auto const* const why = std::get_if<oauth::refusal>(&got))
        return gate_.refuse(refused(*why));
    return granted(std::get<oauth::tokens>(got));
}

reply token_endpoint::exchange_for_long(oauth::app const& client, form const& parameters, sys_ms now) {
    auto const token = parameters.get("fb_exchange_token");
    if (token.empty())
        return gate_.refuse(about(100, "fb_exchange_token parameter not specified", "invalid_request"));
    auto const admitted = gate_.admit_token(token, "exchange", now);
    if (auto const* const refusal = std::get_if<reply>(&admitted))
        return *refusal;
    auto const got = grants_.exchange_for_long(token, client.client_id, now);
    if (auto const* const why = std::get_if<oauth::refusal>(&got)) {
        if (*why == oauth::refusal::token_foreign || *why == oauth::refusal::token_wrong_kind)
            return gate_.refuse(about(100, "The token cannot be exchanged by this app", "invalid_request"));
        return gate_.dead(*why, now);
    }
    return granted(std::get<oauth::tokens>(got));
}

reply token_endpoint::granted(oauth::tokens const& issued) const {
    boost::json::object body{{"access_token", issued.access_token}, {"token_type", "bearer"}};
    if (issued.granted.expires_in && !switches_.on(no_expiry_switch))
        body["expires_in"] = issued.granted.expires_in->count();
    auto answer = json_reply(200, body);
    answer.headers.emplace_back("Cache-Control", "private, no-cache, no-store, must-revalidate");
    return answer;
}

} // namespace connectd::sandbox::facebook

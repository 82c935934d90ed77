#include "tests/sandbox/stage.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"
#include "tools/sandbox/form.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace connectd::tests {

sandbox::sandbox_options stage::defaults() {
    sandbox::sandbox_options options;
    options.redirect_uris = {std::string{redirect_uri}};
    return options;
}

stage::stage(sandbox::sandbox_options const& options)
    : pretend{options}, x{pretend.x_url()}, bluesky{pretend.bluesky_url()}, control{pretend.control_url()} {}

std::map<std::string, std::string> stage::parameters(std::map<std::string, std::string> const& replaced) {
    std::map<std::string, std::string> all{{"response_type", "code"},
                                           {"client_id", std::string{sandbox::sandbox::default_client_id}},
                                           {"redirect_uri", std::string{redirect_uri}},
                                           {"scope", std::string{all_scopes}},
                                           {"state", "state-1 & more"},
                                           {"code_challenge", std::string{challenge}},
                                           {"code_challenge_method", "S256"}};
    for (auto const& [name, value] : replaced)
        all[name] = value;
    std::erase_if(all, [](auto const& each) { return each.second.empty(); });
    return all;
}

std::string query_of(std::map<std::string, std::string> const& parameters) {
    std::string query;
    for (auto const& [name, value] : parameters) {
        query += query.empty() ? "" : "&";
        query += sandbox::percent_encode(name) + "=" + sandbox::percent_encode(value);
    }
    return query;
}

std::string stage::authorize_target(std::map<std::string, std::string> const& replaced) {
    return "/i/oauth2/authorize?" + query_of(parameters(replaced));
}

std::string parameter_of(std::string_view url, std::string_view name) {
    auto const query = sandbox::form::parse(url.substr(url.find('?') + 1));
    return query ? std::string{query->get(name)} : std::string{};
}

std::string stage::code(std::map<std::string, std::string> const& replaced, std::string_view person) {
    auto form = parameters(replaced);
    form["decision"] = "approve";
    form["person"] = person;
    return parameter_of(x.post_form("/i/oauth2/authorize", query_of(form)).header("location"), "code");
}

answer stage::exchange(std::string_view with_code, std::string_view with_verifier) {
    return x.post_form("/2/oauth2/token",
                       query_of({{"grant_type", "authorization_code"},
                                 {"code", std::string{with_code}},
                                 {"redirect_uri", std::string{redirect_uri}},
                                 {"code_verifier", std::string{with_verifier}}}),
                       {basic()});
}

answer stage::refresh(std::string_view token) {
    return x.post_form("/2/oauth2/token",
                       query_of({{"grant_type", "refresh_token"}, {"refresh_token", std::string{token}}}),
                       {basic()});
}

answer stage::connect(std::map<std::string, std::string> const& replaced, std::string_view person) {
    return exchange(code(replaced, person));
}

answer stage::sign_in(std::string_view identifier, std::string_view password) {
    return bluesky.post_json(
        "/xrpc/com.atproto.server.createSession",
        boost::json::serialize(boost::json::object{{"identifier", identifier}, {"password", password}}));
}

answer stage::xrpc_post(std::string_view method, std::string_view token, std::string_view json) {
    auto const target = "/xrpc/" + std::string{method};
    if (json.empty())
        return bluesky.send("POST", target, {bearer(token)});
    return bluesky.post_json(target, json, {bearer(token)});
}

answer stage::xrpc_get(std::string_view method_and_query, std::string_view token) {
    header_list headers;
    if (!token.empty())
        headers.push_back(bearer(token));
    return bluesky.get("/xrpc/" + std::string{method_and_query}, headers);
}

std::size_t stage::events(std::string_view kind) {
    auto const all = pretend.log().events(0, 10'000);
    return static_cast<std::size_t>(std::ranges::count(all, kind, &sandbox::event_record::kind));
}

std::pair<std::string, std::string> basic(std::string_view id, std::string_view secret) {
    auto const pair = std::string{id} + ":" + std::string{secret};
    return {"Authorization", "Basic " + crypto::encode_base64(crypto::as_bytes(pair))};
}

std::pair<std::string, std::string> bearer(std::string_view token) {
    return {"Authorization", "Bearer " + std::string{token}};
}

} // namespace connectd::tests

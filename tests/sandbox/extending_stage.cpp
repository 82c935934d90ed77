#include "tests/sandbox/extending_stage.hpp"

#include "tests/sandbox/visit.hpp"

namespace connectd::tests {
namespace {

constexpr auto authorize_path = "/oauth/authorize";

} // namespace

std::string extending_stage::location(parameter_map const& replaced, boost::json::object members) {
    return consent(authorize_path, visit::with({{"scope", scopes}}, replaced), std::move(members))
        .text("/location");
}

std::string extending_stage::code(parameter_map const& replaced, boost::json::object members) {
    auto const url = location(replaced, std::move(members));
    return parameter_of(url.substr(0, url.find('#')), "code");
}

answer extending_stage::page(parameter_map replaced) {
    replaced.try_emplace("scope", scopes);
    return at.get(std::string{authorize_path} + "?" + query(replaced));
}

std::string extending_stage::code_form(std::string_view code, parameter_map const& replaced) const {
    return query_of(visit::with({{"client_id", "sandbox-app"},
                                 {"client_secret", "sandbox-app-secret"},
                                 {"grant_type", "authorization_code"},
                                 {"redirect_uri", std::string{redirect_uri}},
                                 {"code", std::string{code}}},
                                replaced));
}

answer extending_stage::exchange(std::string_view code, parameter_map const& replaced) {
    return at.post_form("/oauth/access_token", code_form(code, replaced));
}

answer extending_stage::exchange_for_long(std::string_view token, parameter_map const& replaced) {
    return at.get("/access_token?" + query_of(visit::with({{"grant_type", letters + "_exchange_token"},
                                                           {"client_secret", "sandbox-app-secret"},
                                                           {"access_token", std::string{token}}},
                                                          replaced)));
}

answer extending_stage::refresh(std::string_view token, parameter_map const& replaced) {
    return at.get("/refresh_access_token?" + query_of(visit::with({{"grant_type", letters + "_refresh_token"},
                                                                   {"access_token", std::string{token}}},
                                                                  replaced)));
}

std::string extending_stage::short_token(std::string_view person) {
    auto const got = exchange(code({}, {{"person", person}}));
    auto const flat = got.text("/access_token");
    return flat.empty() ? got.text("/data/0/access_token") : flat;
}

std::string extending_stage::long_token(std::string_view person) {
    return exchange_for_long(short_token(person)).text("/access_token");
}

answer extending_stage::get(std::string_view path_and_query, std::string_view token) {
    auto const mark = path_and_query.find('?') == std::string_view::npos ? "?" : "&";
    return at.get(version + std::string{path_and_query} + mark + "access_token=" + std::string{token});
}

answer extending_stage::post(std::string_view path, std::string_view token, parameter_map const& form) {
    return at.post_form(version + std::string{path}, query_of(form), {bearer(token)});
}

std::string flat_error_of(answer const& got) {
    return got.text("/error_type") == "OAuthException" ? got.text("/error_message")
                                                       : "no flat error: " + got.body;
}

} // namespace connectd::tests

#include "tests/sandbox/graph_stage.hpp"

#include "tests/sandbox/stage.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

constexpr std::string_view version = "/v26.0";

sandbox::sandbox_options options_for(std::string_view platform) {
    sandbox::sandbox_options options;
    options.only = {std::string{platform}};
    options.redirect_uris = {std::string{graph_stage::redirect_uri}};
    return options;
}

parameter_map replace(parameter_map all, parameter_map const& replaced) {
    for (auto const& [name, value] : replaced)
        all[name] = value;
    std::erase_if(all, [](auto const& each) { return each.second.empty(); });
    return all;
}

std::string joined(std::string_view path_and_query, parameter_map const& more) {
    std::string target{version};
    target += path_and_query;
    target += path_and_query.find('?') == std::string_view::npos ? '?' : '&';
    return target + query_of(more);
}

} // namespace

graph_stage::graph_stage(std::string_view platform)
    : pretend{options_for(platform)},
      at{pretend.url(platform)},
      control{pretend.control_url()},
      platform{platform} {}

std::string graph_stage::query(parameter_map const& replaced) {
    return query_of(replace({{"client_id", std::string{sandbox::sandbox::default_client_id}},
                             {"redirect_uri", std::string{redirect_uri}},
                             {"response_type", "code"},
                             {"state", "state-1 & more"}},
                            replaced));
}

answer graph_stage::consent(std::string_view path, parameter_map const& replaced,
                            boost::json::object members) {
    members["authorize_url"] = pretend.url(platform) + std::string{path} + "?" + query(replaced);
    return control.post_json("/" + platform + "/consent", boost::json::serialize(members));
}

answer graph_stage::tell(std::string_view method, std::string_view target, boost::json::value const& body) {
    auto got = control.send(method, target, {}, boost::json::serialize(body));
    BOOST_TEST_REQUIRE(got.status < 300U, target << ": " << got.body);
    return got;
}

void graph_stage::reregister(std::vector<std::string> const& flags, std::vector<std::string> const& scopes) {
    tell("POST", "/" + platform + "/apps",
         boost::json::object{{"client_id", sandbox::sandbox::default_client_id},
                             {"client_secret", sandbox::sandbox::default_client_secret},
                             {"redirect_uris", boost::json::array{redirect_uri}},
                             {"flags", boost::json::array(flags.begin(), flags.end())},
                             {"scopes", boost::json::array(scopes.begin(), scopes.end())}});
}

std::string facebook_stage::code(parameter_map const& replaced, boost::json::object members) {
    auto const wanted = replace({{"scope", std::string{page_scopes}}}, replaced);
    auto const got = consent("/v26.0/dialog/oauth", wanted, std::move(members));
    auto const location = got.text("/location");
    return parameter_of(location.substr(0, location.find('#')), "code");
}

answer facebook_stage::exchange(std::string_view code, parameter_map const& replaced) {
    return at.post_form(
        "/v26.0/oauth/access_token",
        query_of(replace({{"client_id", std::string{sandbox::sandbox::default_client_id}},
                          {"client_secret", std::string{sandbox::sandbox::default_client_secret}},
                          {"redirect_uri", std::string{redirect_uri}},
                          {"code", std::string{code}}},
                         replaced)));
}

answer facebook_stage::exchange_for_long(std::string_view token, parameter_map const& replaced) {
    return at.get("/v26.0/oauth/access_token?" +
                  query_of(replace({{"grant_type", "fb_exchange_token"},
                                    {"client_id", std::string{sandbox::sandbox::default_client_id}},
                                    {"client_secret", std::string{sandbox::sandbox::default_client_secret}},
                                    {"fb_exchange_token", std::string{token}}},
                                   replaced)));
}

std::string facebook_stage::short_token(std::string_view person, std::string_view scope) {
    return exchange(code({{"scope", std::string{scope}}}, {{"person", person}})).text("/access_token");
}

std::string facebook_stage::long_token(std::string_view person, std::string_view scope) {
    return exchange_for_long(short_token(person, scope)).text("/access_token");
}

answer facebook_stage::get(std::string_view path_and_query, std::string_view token) {
    return at.get(joined(path_and_query, {{"access_token", std::string{token}}}));
}

answer facebook_stage::post(std::string_view path, std::string_view token, parameter_map const& form) {
    return at.post_form(std::string{version} + std::string{path}, query_of(form), {bearer(token)});
}

answer facebook_stage::remove(std::string_view path, std::string_view token) {
    return at.send("DELETE", joined(path, {{"access_token", std::string{token}}}));
}

std::string facebook_stage::page_token(std::string_view person, std::string_view scope) {
    return get("/me/accounts?fields=access_token", long_token(person, scope)).text("/data/0/access_token");
}

std::string facebook_stage::page_id(std::string_view person, std::size_t index) {
    auto const who = pretend.persons().at(*pretend.persons().find(person));
    return who->meta.pages.at(index).id;
}

std::string error_of(answer const& got) {
    auto const body = got.json();
    auto const* const error = body.is_object() ? body.get_object().if_contains("error") : nullptr;
    if (error == nullptr || !error->is_object())
        return "no error: " + got.body;
    auto const& members = error->get_object();
    auto text = boost::json::serialize(members.at("code"));
    if (auto const* const subcode = members.if_contains("error_subcode"))
        text += "/" + boost::json::serialize(*subcode);
    return text;
}

} // namespace connectd::tests

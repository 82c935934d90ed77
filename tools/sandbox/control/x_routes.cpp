// The routes about the pretend X: its apps, consent without a browser, and what it issued.
#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/describe/class.hpp>

#include <array>

namespace connectd::sandbox::control {
namespace {

boost::json::object show(x::app const& registered) {
    return {{"client_id", registered.client_id},
            {"client_secret", registered.client_secret},
            {"name", registered.name},
            {"type", registered.confidential ? "confidential" : "public"},
            {"redirect_uris",
             boost::json::array(registered.redirect_uris.begin(), registered.redirect_uris.end())}};
}

reply list_apps(exchange const& with) {
    boost::json::array items;
    for (auto const& each : with.controlled.x.apps().list())
        items.push_back(show(*each));
    return listed(std::move(items));
}

struct app_body {
    std::string client_id;
    std::optional<std::string> client_secret, name, type;
    std::vector<std::string> redirect_uris;
};
BOOST_DESCRIBE_STRUCT(app_body, (), (client_id, client_secret, name, type, redirect_uris))

reply put_app(exchange const& with) {
    auto const body = read_body<app_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<app_body>(body);
    auto const type = wanted.type.value_or("confidential");
    if (type != "confidential" && type != "public")
        return refused(400, "type must be confidential or public");
    auto const problem = with.controlled.x.apps().put({wanted.client_id, wanted.client_secret.value_or(""),
                                                       wanted.name.value_or(""), type == "confidential",
                                                       wanted.redirect_uris});
    if (!problem.empty())
        return refused(400, problem);
    return json_reply(201, show(*with.controlled.x.apps().find(wanted.client_id)));
}

reply remove_app(exchange const& with) {
    return with.controlled.x.apps().remove(with.arguments.front()) ? done({})
                                                                   : refused(404, "there is no such app");
}

struct consent_body {
    std::string authorize_url;
    std::optional<std::string> person, decision;
};
BOOST_DESCRIBE_STRUCT(consent_body, (), (authorize_url, person, decision))

reply consent(exchange const& with) {
    auto const body = read_body<consent_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<consent_body>(body);
    auto const decision = wanted.decision.value_or("approve");
    if (decision != "approve" && decision != "deny")
        return refused(400, "decision must be approve or deny");
    auto const result = with.controlled.x.authorization().consent(
        wanted.authorize_url, wanted.person.value_or("ada"), decision == "approve", with.now);
    return result.problem.empty() ? done({{"location", result.location}}) : refused(400, result.problem);
}

reply list_codes(exchange const& with) {
    boost::json::array items;
    for (auto const& each : with.controlled.x.grants().codes(number_in_query(with, "limit", 100), with.now))
        items.push_back(boost::json::object{{"code", each.code},
                                            {"state", each.state},
                                            {"client_id", each.request.client_id},
                                            {"redirect_uri", each.request.redirect_uri},
                                            {"scope", each.request.scopes.to_string()},
                                            {"person", with.controlled.persons.at(each.request.person)->name},
                                            {"issued_at", format_time(each.issued_at)},
                                            {"expires_at", format_time(each.expires_at)}});
    return listed(std::move(items));
}

reply list_grants(exchange const& with) {
    boost::json::array items;
    for (auto const& each : with.controlled.x.grants().list(number_in_query(with, "limit", 100), with.now)) {
        boost::json::array tokens;
        for (auto const& token : each.tokens)
            tokens.push_back(boost::json::object{{"token", token.token},
                                                 {"kind", token.kind},
                                                 {"state", token.state},
                                                 {"issued_at", format_time(token.issued_at)},
                                                 {"expires_at", format_time(token.expires_at)}});
        items.push_back(boost::json::object{{"id", each.id},
                                            {"state", each.state},
                                            {"client_id", each.client_id},
                                            {"person", with.controlled.persons.at(each.person)->name},
                                            {"scope", each.scopes.to_string()},
                                            {"created_at", format_time(each.created_at)},
                                            {"tokens", std::move(tokens)}});
    }
    return listed(std::move(items));
}

// As the user does it on the page of connected apps.
reply revoke_grant(exchange const& with) {
    auto const& text = with.arguments.front();
    bool const number =
        !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!number || !with.controlled.x.grants().end_by_user(std::stoull(text), with.now))
        return refused(404, "there is no such living grant");
    return done({});
}

reply list_posts(exchange const& with) {
    boost::json::array items;
    for (auto const& each : with.controlled.x.posts().list(number_in_query(with, "limit", 100)))
        items.push_back(boost::json::object{{"id", each.id},
                                            {"person", with.controlled.persons.at(each.author)->name},
                                            {"text", each.text},
                                            {"created_at", format_time(each.created_at)}});
    return listed(std::move(items));
}

} // namespace

std::span<route const> x_routes() {
    static constexpr std::array<route, 8> table{{
        {"GET", "/x/apps", list_apps},
        {"POST", "/x/apps", put_app},
        {"DELETE", "/x/apps/{client_id}", remove_app},
        {"POST", "/x/consent", consent},
        {"GET", "/x/codes", list_codes},
        {"GET", "/x/grants", list_grants},
        {"POST", "/x/grants/{id}/revoke", revoke_grant},
        {"GET", "/x/posts", list_posts},
    }};
    return table;
}

} // namespace connectd::sandbox::control

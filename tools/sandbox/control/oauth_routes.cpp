// The routes about every pretend platform with OAuth: its apps, consent without a browser, what it issued and
// what was published there.
#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/oauth/oauth_platform.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/describe/class.hpp>

#include <array>

namespace connectd::sandbox::control {
namespace {

boost::json::array texts(std::vector<std::string> const& all) {
    return boost::json::array(all.begin(), all.end());
}

boost::json::object show(oauth::app const& registered) {
    return {{"client_id", registered.client_id},
            {"client_secret", registered.client_secret},
            {"name", registered.name},
            {"type", registered.confidential ? "confidential" : "public"},
            {"redirect_uris", texts(registered.redirect_uris)},
            {"flags", texts(registered.flags)},
            {"scopes", texts(registered.scopes)}};
}

// Runs the handler with the platform that the path names.
template <reply (*Run)(exchange const&, oauth::oauth_platform&)>
reply at_platform(exchange const& with) {
    auto* const named = with.controlled.find(with.arguments.front());
    auto* const found = named == nullptr ? nullptr : named->as_oauth();
    return found == nullptr ? refused(404, "there is no platform of that name with such things")
                            : Run(with, *found);
}

reply list_apps(exchange const&, oauth::oauth_platform& at) {
    boost::json::array items;
    for (auto const& each : at.apps().list())
        items.push_back(show(*each));
    return listed(std::move(items));
}

struct app_body {
    std::string client_id;
    std::optional<std::string> client_secret, name, type;
    std::vector<std::string> redirect_uris;
    std::optional<std::vector<std::string>> flags, scopes;
};
BOOST_DESCRIBE_STRUCT(app_body, (), (client_id, client_secret, name, type, redirect_uris, flags, scopes))

reply put_app(exchange const& with, oauth::oauth_platform& at) {
    auto const body = read_body<app_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<app_body>(body);
    auto const type = wanted.type.value_or("confidential");
    if (type != "confidential" && type != "public")
        return refused(400, "type must be confidential or public");
    auto const scopes = wanted.scopes.value_or(std::vector<std::string>{});
    for (auto const& scope : scopes) {
        if (!at.scopes().find(scope))
            return refused(400, "scopes holds one that this platform does not have: " + scope);
    }
    auto const problem =
        at.apps().put({wanted.client_id, wanted.client_secret.value_or(""), wanted.name.value_or(""),
                       type == "confidential", wanted.redirect_uris,
                       wanted.flags.value_or(std::vector<std::string>{}), scopes});
    if (!problem.empty())
        return refused(400, problem);
    return json_reply(201, show(*at.apps().find(wanted.client_id)));
}

reply remove_app(exchange const& with, oauth::oauth_platform& at) {
    return at.apps().remove(with.arguments.back()) ? done({}) : refused(404, "there is no such app");
}

struct consent_body {
    std::string authorize_url;
    std::optional<std::string> person, decision;
    std::optional<std::vector<std::string>> scopes, assets;
};
BOOST_DESCRIBE_STRUCT(consent_body, (), (authorize_url, person, decision, scopes, assets))

reply consent(exchange const& with, oauth::oauth_platform& at) {
    auto const body = read_body<consent_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<consent_body>(body);
    auto const result = at.authorization().consent(
        wanted.authorize_url,
        {wanted.decision.value_or("approve"), wanted.person.value_or("ada"), wanted.scopes, wanted.assets},
        with.now);
    return result.problem.empty() ? done({{"location", result.location}}) : refused(400, result.problem);
}

reply list_codes(exchange const& with, oauth::oauth_platform& at) {
    boost::json::array items;
    for (auto const& each : at.grants().codes(number_in_query(with, "limit", 100), with.now))
        items.push_back(boost::json::object{{"code", each.code},
                                            {"state", each.state},
                                            {"client_id", each.request.client_id},
                                            {"redirect_uri", each.request.redirect_uri},
                                            {"scope", at.scopes().to_text(each.request.scopes)},
                                            {"person", with.controlled.persons.at(each.request.person)->name},
                                            {"issued_at", format_time(each.issued_at)},
                                            {"expires_at", format_time(each.expires_at)}});
    return listed(std::move(items));
}

boost::json::object show(oauth::token_view const& token) {
    boost::json::object item{{"token", token.token},
                             {"kind", token.kind},
                             {"state", token.state},
                             {"issued_at", format_time(token.issued_at)},
                             {"expires_at", nullptr}};
    if (token.expires_at)
        item["expires_at"] = format_time(*token.expires_at);
    if (!token.subject.empty())
        item["subject"] = token.subject;
    return item;
}

reply list_grants(exchange const& with, oauth::oauth_platform& at) {
    boost::json::array items;
    for (auto const& each : at.grants().list(number_in_query(with, "limit", 100), with.now)) {
        boost::json::array tokens;
        for (auto const& token : each.tokens)
            tokens.push_back(show(token));
        items.push_back(boost::json::object{{"id", each.id},
                                            {"state", each.state},
                                            {"client_id", each.client_id},
                                            {"person", with.controlled.persons.at(each.person)->name},
                                            {"scope", at.scopes().to_text(each.scopes)},
                                            {"created_at", format_time(each.created_at)},
                                            {"tokens", std::move(tokens)}});
    }
    return listed(std::move(items));
}

// As the user does it on the page of connected apps.
reply revoke_grant(exchange const& with, oauth::oauth_platform& at) {
    auto const& text = with.arguments.back();
    bool const number =
        !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!number || !at.grants().end_by_user(std::stoull(text), with.now))
        return refused(404, "there is no such living grant");
    return done({});
}

reply list_posts(exchange const& with, oauth::oauth_platform& at) {
    boost::json::array items;
    for (auto const& each : at.posts().list(number_in_query(with, "limit", 100)))
        items.push_back(boost::json::object{{"id", each.id},
                                            {"person", with.controlled.persons.at(each.author)->name},
                                            {"text", each.text},
                                            {"details", each.details},
                                            {"created_at", format_time(each.created_at)}});
    return listed(std::move(items));
}

} // namespace

std::span<route const> oauth_routes() {
    static constexpr std::array<route, 8> table{{
        {"GET", "/{platform}/apps", at_platform<list_apps>},
        {"POST", "/{platform}/apps", at_platform<put_app>},
        {"DELETE", "/{platform}/apps/{client_id}", at_platform<remove_app>},
        {"POST", "/{platform}/consent", at_platform<consent>},
        {"GET", "/{platform}/codes", at_platform<list_codes>},
        {"GET", "/{platform}/grants", at_platform<list_grants>},
        {"POST", "/{platform}/grants/{id}/revoke", at_platform<revoke_grant>},
        {"GET", "/{platform}/posts", at_platform<list_posts>},
    }};
    return table;
}

} // namespace connectd::sandbox::control

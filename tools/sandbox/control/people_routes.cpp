// The routes about people and their app passwords.
#include "tools/sandbox/bluesky/bluesky_platform.hpp"
#include "tools/sandbox/bluesky/identifiers.hpp"
#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::control {
namespace {

boost::json::object show(person const& who) {
    boost::json::array passwords;
    for (auto const& each : who.app_passwords)
        passwords.push_back(boost::json::object{{"name", each.name},
                                                {"password", each.password},
                                                {"privileged", each.privileged},
                                                {"created_at", format_time(each.created_at)}});
    return {{"name", who.name},
            {"display_name", who.display_name},
            {"email", who.email},
            {"x_id", who.x_id},
            {"x_username", who.x_username},
            {"x_verified", who.x_verified},
            {"did", who.did},
            {"handle", who.handle},
            {"bluesky_state", to_string(who.state)},
            {"email_auth_factor", who.email_auth_factor},
            {"bare_profile", who.bare_profile},
            {"full_service_id", who.full_service_id},
            {"traits", boost::json::array(who.traits.begin(), who.traits.end())},
            {"app_passwords", std::move(passwords)}};
}

struct person_body {
    std::optional<std::string> name; // of new people only
    std::optional<std::string> display_name, email;
    std::optional<std::string> x_id, x_username;
    std::optional<bool> x_verified;
    std::optional<std::string> did, handle, bluesky_state, main_password;
    std::optional<bool> email_auth_factor, bare_profile, full_service_id;
    std::optional<std::vector<std::string>> traits;
};
BOOST_DESCRIBE_STRUCT(person_body, (),
                      (name, display_name, email, x_id, x_username, x_verified, did, handle, bluesky_state,
                       main_password, email_auth_factor, bare_profile, full_service_id, traits))

void apply(person_body const& wanted, person& who) {
    who.display_name = wanted.display_name.value_or(who.display_name);
    who.email = wanted.email.value_or(who.email);
    who.x_id = wanted.x_id.value_or(who.x_id);
    who.x_username = wanted.x_username.value_or(who.x_username);
    who.x_verified = wanted.x_verified.value_or(who.x_verified);
    who.did = wanted.did.value_or(who.did);
    who.handle = wanted.handle ? lower_case(*wanted.handle) : who.handle;
    who.main_password = wanted.main_password.value_or(who.main_password);
    who.email_auth_factor = wanted.email_auth_factor.value_or(who.email_auth_factor);
    who.bare_profile = wanted.bare_profile.value_or(who.bare_profile);
    who.full_service_id = wanted.full_service_id.value_or(who.full_service_id);
    who.traits = wanted.traits.value_or(who.traits);
    if (wanted.bluesky_state)
        who.state = parse_account_state(*wanted.bluesky_state).value_or(who.state);
}

bool known_trait(std::string_view trait, parts const& controlled) {
    return std::ranges::any_of(controlled.platforms, [&](platform const* each) {
        auto const known = each->traits();
        return std::ranges::find(known, trait) != known.end();
    });
}

std::optional<reply> refuse(person_body const& wanted, parts const& controlled) {
    if (wanted.bluesky_state && !parse_account_state(*wanted.bluesky_state))
        return refused(400, "bluesky_state must be active, takendown, suspended, deactivated or deleted");
    for (auto const& trait : wanted.traits.value_or(std::vector<std::string>{})) {
        if (!known_trait(trait, controlled))
            return refused(400, "traits holds one that no platform here knows: " + trait);
    }
    return std::nullopt;
}

reply list_people(exchange const& with) {
    boost::json::array items;
    for (auto const& each : with.controlled.persons.list())
        items.push_back(show(*each));
    return listed(std::move(items));
}

reply add_person(exchange const& with) {
    auto const body = read_body<person_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<person_body>(body);
    if (auto refusal = refuse(wanted, with.controlled))
        return std::move(*refusal);
    person who;
    who.name = wanted.name.value_or("");
    apply(wanted, who);
    auto const added = with.controlled.persons.add(std::move(who));
    if (!added.ref)
        return refused(400, added.problem);
    return json_reply(201, show(*with.controlled.persons.at(*added.ref)));
}

// The person of the path, or nothing. Nobody is called "fresh".
std::optional<person_ref> find(exchange const& with) {
    auto const& name = with.arguments.front();
    return name == "fresh" ? std::nullopt : with.controlled.persons.find(name);
}

reply no_such_person() {
    return refused(404, "there is nobody of that name");
}

reply show_person(exchange const& with) {
    auto const ref = find(with);
    return ref ? done(show(*with.controlled.persons.at(*ref))) : no_such_person();
}

reply change_person(exchange const& with) {
    auto const ref = find(with);
    if (!ref)
        return no_such_person();
    auto const body = read_body<person_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<person_body>(body);
    if (wanted.name)
        return refused(400, "a name cannot change");
    if (auto refusal = refuse(wanted, with.controlled))
        return std::move(*refusal);
    if (!with.controlled.persons.change(*ref, [&](person& who) { apply(wanted, who); }))
        return refused(400, "an id, user name, handle or DID is malformed or belongs to somebody else");
    return show_person(with);
}

struct password_body {
    std::optional<std::string> name;
    std::optional<bool> privileged;
};
BOOST_DESCRIBE_STRUCT(password_body, (), (name, privileged))

reply add_password(exchange const& with) {
    auto const ref = find(with);
    if (!ref)
        return no_such_person();
    auto const body = read_body<password_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<password_body>(body);
    app_password made{wanted.name.value_or(""), bluesky::make_app_password(),
                      wanted.privileged.value_or(false), with.now};
    bool taken = false;
    with.controlled.persons.change(*ref, [&](person& who) {
        if (made.name.empty())
            made.name = "password-" + std::to_string(who.app_passwords.size() + 1);
        taken = std::ranges::any_of(who.app_passwords,
                                    [&](app_password const& each) { return each.name == made.name; });
        if (!taken)
            who.app_passwords.push_back(made);
    });
    if (taken)
        return refused(409, "there is an app password of that name");
    return json_reply(201, boost::json::object{{"name", made.name},
                                               {"password", made.password},
                                               {"privileged", made.privileged}});
}

// As the user does it in the settings: the password and the sessions that it opened are gone.
reply remove_password(exchange const& with) {
    auto const ref = find(with);
    if (!ref)
        return no_such_person();
    auto const& name = with.arguments.back();
    std::size_t removed = 0;
    with.controlled.persons.change(*ref, [&](person& who) {
        removed =
            std::erase_if(who.app_passwords, [&](app_password const& each) { return each.name == name; });
    });
    if (removed == 0)
        return refused(404, "there is no app password of that name");
    auto const sessions =
        with.controlled.get<bluesky::bluesky_platform>().sessions().remove_of_password(*ref, name, with.now);
    return done({{"sessions_ended", sessions}});
}

struct revoke_body {
    std::string platform;
    std::optional<std::string> client_id;
};
BOOST_DESCRIBE_STRUCT(revoke_body, (), (platform, client_id))

reply revoke_person(exchange const& with) {
    auto const ref = find(with);
    if (!ref)
        return no_such_person();
    auto const body = read_body<revoke_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<revoke_body>(body);
    auto* const at = with.controlled.find(wanted.platform);
    if (at == nullptr)
        return refused(400, "platform must be one of " + with.controlled.names());
    auto const ended = at->end_by_user(*ref, wanted.client_id.value_or(""), with.now);
    return done({{at->as_oauth() != nullptr ? "grants_ended" : "sessions_ended", ended}});
}

} // namespace

std::span<route const> people_routes() {
    static constexpr std::array<route, 7> table{{
        {"GET", "/people", list_people},
        {"POST", "/people", add_person},
        {"GET", "/people/{name}", show_person},
        {"PATCH", "/people/{name}", change_person},
        {"POST", "/people/{name}/app-passwords", add_password},
        {"DELETE", "/people/{name}/app-passwords/{password}", remove_password},
        {"POST", "/people/{name}/revoke", revoke_person},
    }};
    return table;
}

} // namespace connectd::sandbox::control

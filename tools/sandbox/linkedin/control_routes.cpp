// What only the pretend LinkedIn has to control: organizations with their roles, and how fresh tokens fare.
#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/linkedin/linkedin_platform.hpp"

#include <boost/describe/class.hpp>

#include <array>
#include <charconv>

namespace connectd::sandbox::linkedin {
namespace {

using control::done;
using control::exchange;
using control::listed;
using control::read_body;
using control::refused;

linkedin_platform& platform_of(exchange const& with) {
    return with.controlled.get<linkedin_platform>();
}

boost::json::object show(exchange const& with, organization const& each) {
    boost::json::array roles;
    for (auto const& given : each.roles)
        roles.push_back(boost::json::object{{"person", with.controlled.persons.at(given.member)->name},
                                            {"role", given.role},
                                            {"state", given.state}});
    return {{"id", std::to_string(each.id)},   {"urn", each.urn()}, {"name", each.name},
            {"vanity_name", each.vanity_name}, {"logo", each.logo}, {"roles", std::move(roles)}};
}

reply list_organizations(exchange const& with) {
    boost::json::array items;
    for (auto const& each : platform_of(with).organizations().list())
        items.push_back(show(with, each));
    return listed(std::move(items));
}

struct organization_body {
    std::string name;
    std::optional<std::string> vanity_name;
    std::optional<bool> logo;
    std::optional<std::vector<std::string>> administrators; // people
};
BOOST_DESCRIBE_STRUCT(organization_body, (), (name, vanity_name, logo, administrators))

reply add_organization(exchange const& with) {
    auto const body = read_body<organization_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<organization_body>(body);
    organization added{0, wanted.name, wanted.vanity_name.value_or(""), wanted.logo.value_or(true)};
    for (auto const& name : wanted.administrators.value_or(std::vector<std::string>{})) {
        auto const who = with.controlled.persons.find(name);
        if (!who)
            return refused(400, "administrators holds somebody the sandbox does not know: " + name);
        added.roles.push_back({*who});
    }
    auto& all = platform_of(with).organizations();
    auto const id = all.put(std::move(added));
    if (!id)
        return refused(400, "name must not be empty");
    return json_reply(201, show(with, *all.find(*id)));
}

std::optional<std::uint64_t> id_of(exchange const& with) {
    auto const& text = with.arguments.front();
    std::uint64_t id = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{id} : std::nullopt;
}

reply no_such_organization() {
    return refused(404, "there is no such organization");
}

reply remove_organization(exchange const& with) {
    auto const id = id_of(with);
    return id && platform_of(with).organizations().remove(*id) ? done({}) : no_such_organization();
}

struct role_body {
    std::optional<std::string> role, state;
};
BOOST_DESCRIBE_STRUCT(role_body, (), (role, state))

reply set_role(exchange const& with) {
    auto const body = read_body<role_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<role_body>(body);
    auto const who = with.controlled.persons.find(with.arguments.back());
    if (!who)
        return refused(404, "there is nobody of that name");
    organization_role given{*who, wanted.role.value_or("ADMINISTRATOR"), wanted.state.value_or("APPROVED")};
    if (!known_role(given.role) || !known_role_state(given.state))
        return refused(400, "role or state is none that LinkedIn has");
    auto const id = id_of(with);
    auto& all = platform_of(with).organizations();
    return id && all.set_role(*id, std::move(given)) ? done(show(with, *all.find(*id)))
                                                     : no_such_organization();
}

struct fresh_body {
    std::uint32_t refused_calls;
};
BOOST_DESCRIBE_STRUCT(fresh_body, (), (refused_calls))

reply show_fresh(exchange const& with) {
    return done({{"refused_calls", platform_of(with).gate().fresh_refusals()}});
}

reply set_fresh(exchange const& with) {
    auto const body = read_body<fresh_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    platform_of(with).gate().refuse_fresh_tokens(std::get<fresh_body>(body).refused_calls);
    return show_fresh(with);
}

} // namespace

std::span<control::route const> linkedin_platform::control_routes() const {
    static constexpr std::array<control::route, 6> table{{
        {"GET", "/linkedin/organizations", list_organizations},
        {"POST", "/linkedin/organizations", add_organization},
        {"DELETE", "/linkedin/organizations/{id}", remove_organization},
        {"PUT", "/linkedin/organizations/{id}/roles/{person}", set_role},
        {"GET", "/linkedin/fresh-tokens", show_fresh},
        {"PUT", "/linkedin/fresh-tokens", set_fresh},
    }};
    return table;
}

} // namespace connectd::sandbox::linkedin

#include "tools/sandbox/linkedin/organization_api.hpp"

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/linkedin/errors.hpp"
#include "tools/sandbox/linkedin/members.hpp"
#include "tools/sandbox/linkedin/versions.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace connectd::sandbox::linkedin {
namespace {

constexpr auto administration =
    oauth::scope_set::of({scope::rw_organization_admin, scope::r_organization_admin});
constexpr resource acls_finder{"organizationAcls.FINDER-roleAssignee", 10, administration, 10'000};
constexpr resource organizations_get{"organizations.GET", 11, administration, 10'000};
constexpr resource images_get{
    "images.GET", 12,
    oauth::scope_set::of({scope::rw_organization_admin, scope::r_organization_admin,
                          scope::r_organization_social, scope::w_organization_social}),
    10'000};

constexpr std::string_view asset_start = "urn:li:digitalmediaAsset:";
constexpr std::string_view image_start = "urn:li:image:";

reply illegal(std::string_view message) {
    return service_error(400, 0, "ILLEGAL_ARGUMENT", message);
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t read = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{read} : std::nullopt;
}

std::string last_part(std::string_view path) {
    return percent_decode(path.substr(path.rfind('/') + 1), false).value_or("");
}

// Rest.li takes parentheses and commas as they are and as escapes.
std::string parameter(call const& request, std::string_view name) {
    auto const query = form::parse(request.query);
    return query ? std::string{query->get(name)} : std::string{};
}

std::optional<std::string_view> inside_list(std::string_view text) {
    constexpr std::string_view start = "List(";
    if (!text.starts_with(start) || !text.ends_with(')'))
        return std::nullopt;
    return text.substr(start.size(), text.size() - start.size() - 1);
}

} // namespace

organization_api::organization_api(people const& persons, organizations const& all, gate& door,
                                   std::string public_url)
    : people_{persons}, organizations_{all}, gate_{door}, public_url_{std::move(public_url)} {}

std::variant<organization_api::admitted, reply>
organization_api::enter(call const& request, resource const& called, bool versioned, sys_ms now) {
    std::string version = "NO_VERSION";
    if (versioned) {
        auto read = read_version(request, now);
        if (auto* const refusal = std::get_if<reply>(&read))
            return std::move(*refusal);
        version = std::get<std::string>(read);
        if (request.header("x-restli-protocol-version") != "2.0.0")
            return illegal("X-Restli-Protocol-Version must be 2.0.0");
    }
    auto caller = gate_.enter(request, called, version, now);
    if (auto* const refusal = std::get_if<reply>(&caller))
        return std::move(*refusal);
    admitted with{std::get<oauth::access>(std::move(caller)), {}};
    if (auto const text = parameter(request, "projection"); !text.empty()) {
        auto wanted = parse_projection(text);
        if (!wanted)
            return illegal("Invalid projection: " + text);
        if (versioned && decorates(*wanted))
            return illegal("Decoration is not supported in versioned APIs");
        with.wanted = std::move(*wanted);
    }
    return with;
}

reply organization_api::acls(call const& request, sys_ms now) {
    auto const entered = enter(request, acls_finder, true, now);
    if (auto const* const refusal = std::get_if<reply>(&entered))
        return *refusal;
    return list_acls(request, std::get<admitted>(entered), "organization");
}

reply organization_api::legacy_acls(call const& request, std::string_view urn_member, sys_ms now) {
    auto const entered = enter(request, acls_finder, false, now);
    if (auto const* const refusal = std::get_if<reply>(&entered))
        return *refusal;
    return list_acls(request, std::get<admitted>(entered), urn_member);
}

reply organization_api::list_acls(call const& request, admitted const& with,
                                  std::string_view urn_member) const {
    if (parameter(request, "q") != "roleAssignee")
        return illegal("q must be roleAssignee");
    auto const role = parameter(request, "role");
    auto const state = parameter(request, "state");
    if ((!role.empty() && !known_role(role)) || (!state.empty() && !known_role_state(state)))
        return illegal("role or state is none that there is");
    auto const start = number(parameter(request, "start")).value_or(0);
    auto const count = std::min<std::uint64_t>(number(parameter(request, "count")).value_or(10), 100);
    auto const who = people_.at(with.caller.person);

    boost::json::array elements;
    std::uint64_t total = 0;
    for (auto const& each : organizations_.list()) {
        for (auto const& given : each.roles) {
            if (given.member != with.caller.person || (!role.empty() && given.role != role) ||
                (!state.empty() && given.state != state))
                continue;
            if (total++ < start || elements.size() >= count)
                continue;
            elements.push_back(boost::json::object{{"roleAssignee", member_urn(*who, with.caller.client_id)},
                                                   {"state", given.state},
                                                   {"role", given.role},
                                                   {urn_member, each.urn()}});
        }
    }
    boost::json::array links;
    if (start + elements.size() < total) {
        auto const next = std::string{request.path} + "?q=roleAssignee&role=" + role + "&state=" + state +
                          "&start=" + std::to_string(start + count) + "&count=" + std::to_string(count);
        links.push_back(boost::json::object{{"type", "application/json"}, {"rel", "next"}, {"href", next}});
    }
    boost::json::object const paging{
        {"start", start}, {"count", count}, {"links", std::move(links)}, {"total", total}};
    return json_reply(200, narrow({{"paging", paging}, {"elements", std::move(elements)}}, with),
                      "application/json");
}

reply organization_api::organization(call const& request, bool versioned, sys_ms now) {
    auto const entered = enter(request, organizations_get, versioned, now);
    if (auto const* const refusal = std::get_if<reply>(&entered))
        return *refusal;
    auto const& with = std::get<admitted>(entered);
    if (request.path.ends_with("/organizations")) {
        auto const ids = parameter(request, "ids");
        auto const listed = inside_list(ids);
        return listed ? batch(*listed, with) : illegal("ids must be List(...)");
    }
    auto const id = number(last_part(request.path));
    auto const found = id ? organizations_.find(*id) : std::nullopt;
    if (!found)
        return service_error(404, 0, "NOT_FOUND", "Could not find entity");
    if (!organizations_.has_role(*id, with.caller.person, {"ADMINISTRATOR"}))
        return access_denied("organizations.GET." + found->urn());
    return json_reply(200, narrow(show(*found), with), "application/json");
}

// One answer for many: each id has its own status, and a 403 of one does not spoil the others.
reply organization_api::batch(std::string_view ids, admitted const& with) const {
    boost::json::object results;
    boost::json::object statuses;
    boost::json::object errors;
    auto const fail = [&](std::string_view id, unsigned status, std::string_view code) {
        statuses[id] = status;
        errors[id] = boost::json::object{{"status", status}, {"code", code}};
    };
    while (!ids.empty()) {
        auto const comma = ids.find(',');
        auto const text = ids.substr(0, comma);
        ids = comma == std::string_view::npos ? std::string_view{} : ids.substr(comma + 1);
        auto const id = number(text);
        auto const found = id ? organizations_.find(*id) : std::nullopt;
        if (!found) {
            fail(text, 404, "NOT_FOUND");
        } else if (!organizations_.has_role(*id, with.caller.person, {"ADMINISTRATOR"})) {
            fail(text, 403, "ACCESS_DENIED");
        } else {
            statuses[text] = 200;
            results[text] = narrow(show(*found), with);
        }
    }
    return json_reply(200,
                      boost::json::object{{"results", std::move(results)},
                                          {"statuses", std::move(statuses)},
                                          {"errors", std::move(errors)}},
                      "application/json");
}

boost::json::object organization_api::show(struct organization const& each) const {
    boost::json::object const locale{{"country", "US"}, {"language", "en"}};
    boost::json::object body{
        {"id", each.id},
        {"name", boost::json::object{{"localized", boost::json::object{{"en_US", each.name}}},
                                     {"preferredLocale", locale}}},
        {"localizedName", each.name},
        {"vanityName", each.vanity_name},
        {"localizedWebsite", "https://" + each.vanity_name + ".example"},
        {"primaryOrganizationType", "NONE"}};
    if (each.logo) {
        auto const asset = std::string{asset_start} + each.vanity_name;
        body["logoV2"] = boost::json::object{{"original", asset}, {"cropped", asset}};
    }
    return body;
}

boost::json::object organization_api::narrow(boost::json::object body, admitted const& with) const {
    if (with.wanted.empty())
        return body;
    return project(body, with.wanted, [this](std::string_view urn) { return look_up(urn); });
}

// Names and logos of organizations are public, whoever asks.
std::optional<boost::json::object> organization_api::look_up(std::string_view urn) const {
    if (auto const id = organization_id(urn)) {
        auto const found = organizations_.find(*id);
        return found ? std::optional{show(*found)} : std::nullopt;
    }
    if (!urn.starts_with(asset_start))
        return std::nullopt;
    boost::json::object const identifier{{"identifier", image_url(urn.substr(asset_start.size()))},
                                         {"index", 0},
                                         {"mediaType", "image/svg+xml"},
                                         {"identifierType", "EXTERNAL_URL"}};
    boost::json::object const stream{{"identifiers", boost::json::array{identifier}}};
    return boost::json::object{{"elements", boost::json::array{stream}}};
}

std::string organization_api::image_url(std::string_view asset) const {
    return public_url_ + "/dms/image/" + std::string{asset} + "?e=1790000000&v=beta&t=signed";
}

reply organization_api::image(call const& request, sys_ms now) {
    auto const entered = enter(request, images_get, true, now);
    if (auto const* const refusal = std::get_if<reply>(&entered))
        return *refusal;
    auto const raw = request.path.substr(request.path.rfind('/') + 1);
    if (raw.find(':') != std::string_view::npos)
        return illegal("a URN in a path must be percent-encoded");
    auto const urn = last_part(request.path);
    if (!urn.starts_with(image_start))
        return illegal("not the URN of an image");
    auto const asset = urn.substr(image_start.size());
    for (auto const& each : organizations_.list()) {
        if (each.logo && each.vanity_name == asset)
            return json_reply(
                200,
                boost::json::object{
                    {"owner", each.urn()},
                    {"id", urn},
                    {"status", "AVAILABLE"},
                    {"downloadUrl", image_url(asset)},
                    {"downloadUrlExpiresAt", (now + std::chrono::hours{24 * 30}).time_since_epoch().count()}},
                "application/json");
    }
    return service_error(404, 0, "NOT_FOUND", "Could not find entity");
}

} // namespace connectd::sandbox::linkedin

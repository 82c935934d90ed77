#include "tools/sandbox/linkedin/organizations.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace connectd::sandbox::linkedin {
namespace {

constexpr std::array<std::string_view, 8> roles{"ADMINISTRATOR",
                                                "DIRECT_SPONSORED_CONTENT_POSTER",
                                                "RECRUITING_POSTER",
                                                "LEAD_CAPTURE_ADMINISTRATOR",
                                                "LEAD_GEN_FORMS_MANAGER",
                                                "ANALYST",
                                                "CURATOR",
                                                "CONTENT_ADMINISTRATOR"};
constexpr std::array<std::string_view, 4> states{"APPROVED", "REJECTED", "REQUESTED", "REVOKED"};

} // namespace

bool known_role(std::string_view role) {
    return std::ranges::find(roles, role) != roles.end();
}

bool known_role_state(std::string_view state) {
    return std::ranges::find(states, state) != states.end();
}

std::optional<std::uint64_t> organization_id(std::string_view urn) {
    constexpr std::string_view start = "urn:li:organization:";
    if (!urn.starts_with(start))
        return std::nullopt;
    urn.remove_prefix(start.size());
    std::uint64_t id = 0;
    auto const [end, error] = std::from_chars(urn.data(), urn.data() + urn.size(), id);
    return error == std::errc{} && end == urn.data() + urn.size() ? std::optional{id} : std::nullopt;
}

organizations::organizations(people& persons) {
    auto const ada = *persons.find("ada");
    auto const ben = *persons.find("ben");
    put({0, "Marlow Prints", "marlow-prints", true, {{ada}, {ben, "ADMINISTRATOR", "REQUESTED"}}});
    put({0,
         "Caf\xc3\xa9 M\xc3\xbcller",
         "cafe-mueller",
         false,
         {{ada}, {ben, "CONTENT_ADMINISTRATOR", "APPROVED"}}});
}

std::optional<std::uint64_t> organizations::put(organization added) {
    if (added.name.empty())
        return std::nullopt;
    std::lock_guard const lock{mutex_};
    if (added.id == 0)
        added.id = ++last_id_;
    if (added.vanity_name.empty())
        added.vanity_name = "page-" + std::to_string(added.id);
    auto const id = added.id;
    by_id_[id] = std::move(added);
    return id;
}

bool organizations::remove(std::uint64_t id) {
    std::lock_guard const lock{mutex_};
    return by_id_.erase(id) > 0;
}

bool organizations::set_role(std::uint64_t id, organization_role given) {
    std::lock_guard const lock{mutex_};
    auto const found = by_id_.find(id);
    if (found == by_id_.end())
        return false;
    std::erase_if(found->second.roles,
                  [&](organization_role const& each) { return each.member == given.member; });
    found->second.roles.push_back(std::move(given));
    return true;
}

std::optional<organization> organizations::find(std::uint64_t id) const {
    std::lock_guard const lock{mutex_};
    auto const found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<organization> organizations::list() const {
    std::lock_guard const lock{mutex_};
    std::vector<organization> all;
    for (auto const& [id, each] : by_id_)
        all.push_back(each);
    return all;
}

bool organizations::has_role(std::uint64_t id, person_ref member,
                             std::vector<std::string_view> const& wanted) const {
    auto const found = find(id);
    return found && std::ranges::any_of(found->roles, [&](organization_role const& each) {
               return each.member == member && each.state == "APPROVED" &&
                      std::ranges::find(wanted, each.role) != wanted.end();
           });
}

} // namespace connectd::sandbox::linkedin

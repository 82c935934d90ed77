// The organizations (company pages) of the pretend LinkedIn and the roles that members have in them.
//
// Threads: any thread may call anything; one short mutex.
#pragma once

#include "tools/sandbox/people.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::linkedin {

struct organization_role {
    person_ref member = 0;
    std::string role = "ADMINISTRATOR";
    std::string state = "APPROVED";
};

struct organization {
    std::uint64_t id = 0;
    std::string name;
    std::string vanity_name;
    bool logo = true;
    std::vector<organization_role> roles{};

    std::string urn() const { return "urn:li:organization:" + std::to_string(id); }
};

class organizations {
  public:
    // Starts with two: ada administers both, ben may write for the second and asked to administer the first.
    explicit organizations(people& persons);

    // Adds it or replaces the one of that id; with id 0 it gets one. Returns the id, or nothing when there is
    // no name.
    std::optional<std::uint64_t> put(organization added);
    bool remove(std::uint64_t id);
    // Replaces what role the member had. False when there is no such organization.
    bool set_role(std::uint64_t id, organization_role given);

    std::optional<organization> find(std::uint64_t id) const;
    std::vector<organization> list() const;

    // Whether the member has one of the roles, approved.
    bool has_role(std::uint64_t id, person_ref member, std::vector<std::string_view> const& roles) const;

  private:
    mutable std::mutex mutex_;
    std::map<std::uint64_t, organization> by_id_;
    std::uint64_t last_id_ = 107'000'000;
};

// The number of a URN urn:li:organization:N.
std::optional<std::uint64_t> organization_id(std::string_view urn);

bool known_role(std::string_view role);
bool known_role_state(std::string_view state);

} // namespace connectd::sandbox::linkedin

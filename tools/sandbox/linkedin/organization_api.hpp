// What LinkedIn's API tells about organizations: which ones a member has a role in, their names and logos.
// The versioned calls (/rest/organizationAcls, /rest/organizations, /rest/images) and the legacy ones below
// /v2, which can look URNs up on the way by a projection.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/linkedin/gate.hpp"
#include "tools/sandbox/linkedin/organizations.hpp"
#include "tools/sandbox/linkedin/projection.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::linkedin {

class organization_api {
  public:
    // Requires: all references outlive this object. `public_url` is where this platform is reached, for
    // picture links.
    organization_api(people const& persons, organizations const& all, gate& door, std::string public_url);

    // GET /rest/organizationAcls?q=roleAssignee
    reply acls(call const& request, sys_ms now);
    // GET /v2/organizationAcls and /v2/organizationalEntityAcls: the older one calls the URN another name.
    reply legacy_acls(call const& request, std::string_view urn_member, sys_ms now);

    // GET /rest/organizations/{id}, ?ids=List(...), and the same below /v2 with decoration.
    reply organization(call const& request, bool versioned, sys_ms now);

    // GET /rest/images/{urn}, for logos
    reply image(call const& request, sys_ms now);

  private:
    struct admitted {
        oauth::access caller;
        std::vector<projected> wanted; // empty: everything
    };
    std::variant<admitted, reply> enter(call const& request, resource const& called, bool versioned,
                                        sys_ms now);
    reply list_acls(call const& request, admitted const& with, std::string_view urn_member) const;
    reply batch(std::string_view ids, admitted const& with) const;
    boost::json::object show(struct organization const& each) const;
    boost::json::object narrow(boost::json::object body, admitted const& with) const;
    std::optional<boost::json::object> look_up(std::string_view urn) const;
    std::string image_url(std::string_view asset) const;

    people const& people_;
    organizations const& organizations_;
    gate& gate_;
    std::string const public_url_;
};

} // namespace connectd::sandbox::linkedin

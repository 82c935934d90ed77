// Publishing on the pretend LinkedIn: POST /rest/posts answers 201 with an empty body and the id in a header;
// the legacy POST /v2/ugcPosts needs no version. A member's token may create and not read.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/linkedin/gate.hpp"
#include "tools/sandbox/linkedin/organizations.hpp"
#include "tools/sandbox/posts.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::linkedin {

class post_api {
  public:
    // Requires: all references outlive this object.
    post_api(people const& persons, organizations const& all, gate& door, posts& written, journal& events)
        : people_{persons}, organizations_{all}, gate_{door}, posts_{written}, events_{events} {}

    reply create(call const& request, sys_ms now);
    reply create_legacy(call const& request, sys_ms now);

  private:
    struct draft {
        std::string author; // URN
        std::string text;
        boost::json::object body;
    };
    reply publish(oauth::access const& caller, draft wanted, std::string_view resource, sys_ms now);
    bool may_write_as(oauth::access const& caller, std::string_view author) const;

    people const& people_;
    organizations const& organizations_;
    gate& gate_;
    posts& posts_;
    journal& events_;
};

} // namespace connectd::sandbox::linkedin

// X's authorization page: GET /i/oauth2/authorize shows who asks for what, POST is the person's decision. A
// request that is not right ends on an error page and never goes back to the client, as on the real page
// (autumn 2026): an unknown client, a redirect URI that is not registered byte for byte, an unknown scope, no
// state or one beyond 500 characters, no PKCE.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/x/apps.hpp"
#include "tools/sandbox/x/authorize_request.hpp"
#include "tools/sandbox/x/grants.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox::x {

class authorization {
  public:
    // Requires: all references outlive this object. With a person in `auto_approve` ("fresh" too) no page is
    // shown: every right request is approved for them at once.
    authorization(people& persons, apps const& registered, grants& issued, journal& events,
                  std::string auto_approve);

    reply page(call const& request, sys_ms now);
    reply decide(call const& request, sys_ms now);

    // What a person does on the page, in one step. Either the location that the browser would be sent to, or
    // a problem.
    struct decision {
        std::string location;
        std::string problem;
    };
    decision consent(std::string_view authorize_url, std::string_view person, bool approve, sys_ms now);

  private:
    struct checked {
        std::optional<authorize_request> request;
        std::string problem;
    };
    checked check(form const& parameters) const;
    decision conclude(authorize_request request, std::string_view person, bool approve, sys_ms now);

    people& people_;
    apps const& apps_;
    grants& grants_;
    journal& events_;
    std::string const auto_approve_;
};

} // namespace connectd::sandbox::x

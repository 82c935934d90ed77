// The members of the pretend LinkedIn: who the people are to an app. GET /v2/userinfo (OpenID Connect,
// without a version header), GET /v2/me (another permission), and the claims of ID tokens.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/linkedin/gate.hpp"
#include "tools/sandbox/people.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace connectd::sandbox::linkedin {

// Every app sees another id of the same person.
std::string member_id(person const& who, std::string_view client_id);
std::string member_urn(person const& who, std::string_view client_id);

class members {
  public:
    // Requires: all references outlive this object. `public_url` is where this platform is reached, for
    // picture links.
    members(people const& persons, gate& door, std::string public_url);

    reply userinfo(call const& request, sys_ms now);
    reply me(call const& request, sys_ms now);

    std::string id_token(oauth::tokens const& issued, sys_ms now) const;

    // A person's pretend picture, by the last part of the path.
    reply picture(call const& request) const;

  private:
    boost::json::object claims(oauth::access const& caller) const;

    people const& people_;
    gate& gate_;
    std::string const public_url_;
};

} // namespace connectd::sandbox::linkedin

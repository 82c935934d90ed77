// Pinterest's token endpoint and revocation (autumn 2026): forms with HTTP Basic, numbers for errors,
// rotation with a life that begins anew.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/pinterest/gate.hpp"
#include "tools/sandbox/switches.hpp"

namespace connectd::sandbox::pinterest {

// The switch by which answers part scopes with commas: reports differ.
constexpr std::string_view comma_scopes = "comma_scopes";

class token_endpoint {
  public:
    // Requires: all outlive this object.
    token_endpoint(oauth::apps const& registered, oauth::grants& issued, gate& door, switches const& turned)
        : apps_{registered}, grants_{issued}, gate_{door}, switches_{turned} {}

    reply token(call const& request, sys_ms now);
    // Only tokens of system users can be revoked, and there are none here.
    reply revoke(call const& request, sys_ms now);

  private:
    reply exchange(oauth::app const& client, form const& body, sys_ms now);
    reply refresh(oauth::app const& client, form const& body, sys_ms now);
    reply granted(oauth::tokens const& issued, std::string_view response_type, std::string_view sent,
                  sys_ms now) const;

    oauth::apps const& apps_;
    oauth::grants& grants_;
    gate& gate_;
    switches const& switches_;
};

} // namespace connectd::sandbox::pinterest

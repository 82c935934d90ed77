// TikTok's token endpoint and revocation (November 2026): client_key and secret in the body, errors with
// status 200, refresh tokens that work once.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/switches.hpp"

namespace connectd::sandbox::tiktok {

class token_endpoint {
  public:
    // Requires: all three outlive this object.
    token_endpoint(oauth::apps const& registered, oauth::grants& issued, sandbox::switches const& told)
        : apps_{registered}, grants_{issued}, told_{told} {}

    reply token(call const& request, sys_ms now);
    reply revoke(call const& request, sys_ms now);

  private:
    // With 200, or the status where the platform was told so.
    reply refuse(unsigned status, std::string_view error, std::string_view why, sys_ms now) const;
    reply refuse(oauth::refusal reason, sys_ms now) const;
    struct caller {
        std::shared_ptr<oauth::app const> client; // null: `refused` says why not
        std::optional<form> body;
        reply refused;
    };
    caller admit(call const& request, sys_ms now) const;

    oauth::apps const& apps_;
    oauth::grants& grants_;
    sandbox::switches const& told_;
};

} // namespace connectd::sandbox::tiktok

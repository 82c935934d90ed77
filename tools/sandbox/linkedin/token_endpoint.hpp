// LinkedIn's token endpoint, introspection and the revocation that projects use without LinkedIn documenting
// it (autumn 2026): forms with the client's credentials in the body, HTTP Basic refused, and the same few
// words for every code that is not good.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/linkedin/members.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/client_auth.hpp"

namespace connectd::sandbox::linkedin {

class token_endpoint {
  public:
    // Requires: all outlive this object.
    token_endpoint(oauth::apps const& registered, oauth::grants& issued, members const& who)
        : apps_{registered}, grants_{issued}, members_{who} {}

    reply token(call const& request, sys_ms now);
    reply introspect(call const& request, sys_ms now);
    reply revoke(call const& request, sys_ms now);

  private:
    reply exchange(oauth::app const& client, form const& body, sys_ms now);
    reply refresh(oauth::app const& client, form const& body, sys_ms now);
    reply answer(oauth::token_outcome const& outcome, sys_ms now) const;

    // What all three begin with. A client, or the refusal.
    struct asked {
        form body;
        std::shared_ptr<oauth::app const> client;
        reply refused;
    };
    asked read(call const& request) const;

    oauth::apps const& apps_;
    oauth::grants& grants_;
    members const& members_;
};

} // namespace connectd::sandbox::linkedin

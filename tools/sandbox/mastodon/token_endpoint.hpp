// Mastodon's token endpoint and revocation (Doorkeeper; July 2026): form or JSON, the client's id and secret
// in the body or as Basic, tokens without an end.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"

namespace connectd::sandbox::mastodon {

class token_endpoint {
  public:
    // Requires: both outlive this object.
    token_endpoint(oauth::apps const& registered, oauth::grants& issued)
        : apps_{registered}, grants_{issued} {}

    reply token(call const& request, sys_ms now);
    reply revoke(call const& request, sys_ms now);

  private:
    reply issue(oauth::app const& client, form const& body, sys_ms now);

    oauth::apps const& apps_;
    oauth::grants& grants_;
};

} // namespace connectd::sandbox::mastodon

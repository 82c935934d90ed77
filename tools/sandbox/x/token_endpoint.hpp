// X's token endpoint and its revocation, as they answer (autumn 2026): forms only; Basic for confidential
// clients, client_id in the body and no Authorization for public ones; `invalid_request` for dead codes and
// dead refresh tokens.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"

namespace connectd::sandbox::x {

class token_endpoint {
  public:
    // Requires: both outlive this object.
    token_endpoint(oauth::apps const& registered, oauth::grants& issued)
        : apps_{registered}, grants_{issued} {}

    reply token(call const& request, sys_ms now);
    reply revoke(call const& request, sys_ms now);

  private:
    reply exchange(oauth::app const& client, form const& body, sys_ms now);
    reply refresh(oauth::app const& client, form const& body, sys_ms now);

    oauth::apps const& apps_;
    oauth::grants& grants_;
};

} // namespace connectd::sandbox::x

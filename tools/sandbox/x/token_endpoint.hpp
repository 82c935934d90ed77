// X's token endpoint and its revocation, as they answer (autumn 2026): forms only; Basic for confidential
// clients, client_id in the body and no Authorization for public ones; `invalid_request` for dead codes and
// dead refresh tokens.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/x/apps.hpp"
#include "tools/sandbox/x/grants.hpp"

#include <memory>
#include <optional>

namespace connectd::sandbox::x {

class token_endpoint {
  public:
    // Requires: both outlive this object.
    token_endpoint(apps const& registered, grants& issued) : apps_{registered}, grants_{issued} {}

    reply token(call const& request, sys_ms now);
    reply revoke(call const& request, sys_ms now);

  private:
    struct admitted {
        std::shared_ptr<app const> client; // null: `refused` says why not
        reply refused;
    };
    admitted admit(call const& request, form const& body) const;
    reply exchange(app const& client, form const& body, sys_ms now);
    reply refresh(app const& client, form const& body, sys_ms now);

    apps const& apps_;
    grants& grants_;
};

} // namespace connectd::sandbox::x

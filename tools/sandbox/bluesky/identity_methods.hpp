// Who is who: com.atproto.identity.resolveHandle, app.bsky.actor.getProfile, the PLC directory, and the two
// well-known files of handles and did:web, chosen by the Host header.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/bluesky/session_methods.hpp"

namespace connectd::sandbox::bluesky {

class identity_methods {
  public:
    // Requires: both references outlive this object. `origin` serves all accounts and pictures.
    identity_methods(people const& persons, session_methods const& guard, std::string origin)
        : people_{persons}, guard_{guard}, origin_{std::move(origin)} {}

    reply resolve_handle(call const& request) const;
    reply profile(call const& request, sys_ms now) const;

    // /plc/{did}: 404 for a DID that was never registered, 410 for a tombstone.
    reply plc_document(call const& request) const;

    // /.well-known/did.json and /.well-known/atproto-did
    reply did_web_document(call const& request) const;
    reply handle_file(call const& request) const;

    // A person's pretend picture.
    reply avatar(call const& request) const;

  private:
    std::shared_ptr<person const> find(std::string_view identifier) const;

    people const& people_;
    session_methods const& guard_;
    std::string const origin_;
};

} // namespace connectd::sandbox::bluesky

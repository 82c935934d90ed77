// com.atproto.server.createSession, refreshSession, deleteSession and getSession, with the statuses and error
// names of the reference server (August 2026). They answer without RateLimit headers, which the platform
// adds, except where a limit of their own is the tightest.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/bluesky/sessions.hpp"
#include "tools/sandbox/bluesky/xrpc.hpp"

namespace connectd::sandbox::bluesky {

class session_methods {
  public:
    // Requires: all references outlive this object.
    session_methods(people const& persons, sessions& kept, jwt_signer const& signer, rate_limits& limits,
                    std::string pds)
        : people_{persons}, sessions_{kept}, signer_{signer}, limits_{limits}, pds_{std::move(pds)} {}

    reply create(call const& request, sys_ms now);
    reply refresh(call const& request, sys_ms now);
    reply remove(call const& request, sys_ms now);
    reply get(call const& request, sys_ms now) const;

    // The person behind an access token, or the refusal: wrong or foreign tokens, dead ones, and accounts
    // whose state forbids the call. Deactivated accounts may look but not write.
    struct caller {
        std::shared_ptr<person const> who;
        std::optional<reply> refusal;
    };
    caller authorize(call const& request, sys_ms now, bool writes) const;

  private:
    struct signed_in {
        std::string password_name;
        std::string scope;
        std::optional<reply> refusal;
    };
    signed_in sign_in(person const& who, boost::json::object const& input, std::string_view password) const;
    reply opened(person const& who, session_tokens const& tokens) const;

    people const& people_;
    sessions& sessions_;
    jwt_signer const& signer_;
    rate_limits& limits_;
    std::string const pds_;
};

} // namespace connectd::sandbox::bluesky

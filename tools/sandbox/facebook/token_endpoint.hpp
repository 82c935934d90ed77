// Facebook's token endpoint, by GET and by POST: codes, the exchange of a short token for a long one and of a
// long one for another, and app tokens. Credentials are parameters; there is no Basic.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/gate.hpp"

namespace connectd::sandbox::facebook {

// Token answers do not say when the token ends, which "may be missing".
constexpr std::string_view no_expiry_switch = "no_expires_in";

class token_endpoint {
  public:
    // Requires: all references outlive this object.
    token_endpoint(oauth::apps const& registered, oauth::grants& issued, graph::gate& door,
                   switches const& how)
        : apps_{registered}, grants_{issued}, gate_{door}, switches_{how} {}

    reply token(call const& request, sys_ms now);

  private:
    reply exchange(oauth::app const& client, form const& parameters, sys_ms now);
    reply exchange_for_long(oauth::app const& client, form const& parameters, sys_ms now);
    reply granted(oauth::tokens const& issued) const;

    oauth::apps const& apps_;
    oauth::grants& grants_;
    graph::gate& gate_;
    switches const& switches_;
};

// The token of the app itself, as `client_credentials` gives it out.
std::string app_token(oauth::app const& client);
// The app whose token it is: that, or its id and secret with a bar between them.
std::shared_ptr<oauth::app const> app_of_token(std::string_view token, oauth::apps const& registered);

} // namespace connectd::sandbox::facebook

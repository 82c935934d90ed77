// Google's token endpoint, its revocation and its page about a token (autumn 2026): credentials in the body
// or in a Basic header, refreshes that bring no refresh token, a revocation without credentials that ends all
// that the person gave the project.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"

namespace connectd::sandbox::youtube {

class token_endpoint {
  public:
    // Requires: all references outlive this object. `public_url` is where this platform is reached, for
    // picture links.
    token_endpoint(people const& persons, oauth::apps const& registered, oauth::grants& issued,
                   std::string public_url)
        : people_{persons}, apps_{registered}, grants_{issued}, public_url_{std::move(public_url)} {}

    reply token(call const& request, sys_ms now);
    reply revoke(call const& request, sys_ms now);
    reply tokeninfo(call const& request, sys_ms now) const;

  private:
    reply exchange(oauth::app const& client, form const& body, sys_ms now);
    reply refresh(oauth::app const& client, form const& body, sys_ms now);
    reply granted(oauth::tokens const& issued, bool first, sys_ms now) const;

    people const& people_;
    oauth::apps const& apps_;
    oauth::grants& grants_;
    std::string const public_url_;
};

} // namespace connectd::sandbox::youtube

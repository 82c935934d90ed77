// Who may pass to TikTok's API: bearer tokens and the limits of single calls. A request that is let in still
// has to be allowed by its scopes.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/rate_limits.hpp"
#include "tools/sandbox/tiktok/scopes.hpp"

#include <variant>

namespace connectd::sandbox::tiktok {

enum class limited_by { app, token };

class gate {
  public:
    // Requires: both outlive this object.
    gate(oauth::grants const& issued, rate_limits& limits) : grants_{issued}, limits_{limits} {}

    // The caller, or the refusal.
    std::variant<oauth::access, reply> enter(call const& request, rate_limit const& limit, limited_by whom,
                                             sys_ms now);

  private:
    oauth::grants const& grants_;
    rate_limits& limits_;
};

} // namespace connectd::sandbox::tiktok

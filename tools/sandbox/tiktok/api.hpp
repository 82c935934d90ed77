// Who somebody is at TikTok, field by field by the scopes (API v2, November 2026). Answers say `error.code`
// "ok" when all is well.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/people.hpp"
#include "tools/sandbox/tiktok/gate.hpp"

#include <string>

namespace connectd::sandbox::tiktok {

class api {
  public:
    // Requires: what is referred to outlives this object.
    api(people const& persons, gate& entry, std::string url)
        : people_{persons}, gate_{entry}, url_{std::move(url)} {}

    reply user_info(call const& request, sys_ms now);

  private:
    people const& people_;
    gate& gate_;
    std::string const url_;
};

} // namespace connectd::sandbox::tiktok

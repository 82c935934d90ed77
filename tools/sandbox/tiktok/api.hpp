// TikTok's API behind a token: who somebody is, field by field by the scopes, and posting of drafts, photos
// and videos (API v2, November 2026). Answers say `error.code` "ok" when all is well, and some errors come
// with 200.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/posts.hpp"
#include "tools/sandbox/rate_limits.hpp"
#include "tools/sandbox/tiktok/scopes.hpp"

#include <string>
#include <variant>

namespace connectd::sandbox::tiktok {

class api {
  public:
    // Requires: what is referred to outlives this object.
    api(people const& persons, oauth::grants const& issued, journal& events, posts& written,
        rate_limits& limits, std::string url)
        : people_{persons},
          grants_{issued},
          events_{events},
          posts_{written},
          limits_{limits},
          url_{std::move(url)} {}

    reply user_info(call const& request, sys_ms now);
    reply creator_info(call const& request, sys_ms now);
    // `needed` is the scope of the endpoint: drafts want another than posts.
    reply begin_post(call const& request, scope needed, sys_ms now);
    reply upload(call const& request, sys_ms now);
    reply status(call const& request, sys_ms now);

  private:
    using admitted = std::variant<oauth::access, reply>;
    admitted admit(call const& request, rate_limit const& limit, bool by_app, sys_ms now);

    people const& people_;
    oauth::grants const& grants_;
    journal& events_;
    posts& posts_;
    rate_limits& limits_;
    std::string const url_;
};

} // namespace connectd::sandbox::tiktok

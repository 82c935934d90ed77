// X's API as a connected product uses it: GET /2/users/me and POST /2/tweets, with bearer and scope rules,
// the fields asked for, the strict body schema, rate limits announced on every answer, and the error shapes
// of autumn 2026.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/posts.hpp"
#include "tools/sandbox/rate_limits.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::x {

class api {
  public:
    // Requires: all references outlive this object. `public_url` is where this platform is reached, for
    // picture links.
    api(people const& persons, oauth::grants const& issued, journal& events, posts& written,
        rate_limits& limits, std::string public_url);

    reply users_me(call const& request, sys_ms now);
    reply create_tweet(call const& request, sys_ms now);

    // A person's pretend profile picture.
    reply profile_image(call const& request) const;

  private:
    boost::json::object user_object(person const& who, std::string_view fields,
                                    oauth::scope_set scopes) const;

    people const& people_;
    oauth::grants const& grants_;
    journal& events_;
    posts& posts_;
    rate_limits& limits_;
    std::string const public_url_;
};

} // namespace connectd::sandbox::x

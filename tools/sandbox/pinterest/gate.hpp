// Who may pass to Pinterest's API, and how often: quotas by the app's access tier and the kind of call, told
// in headers on every answer. Calls of the token endpoint count as reads.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/pinterest/scopes.hpp"
#include "tools/sandbox/rate_limits.hpp"

#include <memory>
#include <optional>

namespace connectd::sandbox::pinterest {

enum class category { org_read, org_write };

struct passed {
    oauth::access caller;
    std::shared_ptr<oauth::app const> client;
};

class gate {
  public:
    // Requires: all outlive this object.
    gate(oauth::apps const& registered, oauth::grants const& issued, rate_limits& limits)
        : apps_{registered}, grants_{issued}, limits_{limits} {}

    // Runs `then` for a caller whose token, quota and scopes are good, with the quota in the headers of its
    // answer; otherwise answers itself.
    template <class Then>
    reply enter(call const& request, category kind, oauth::scope_set needed, sys_ms now, Then then) {
        auto const who = authenticate(request, now);
        if (!who)
            return refuse_stranger();
        auto const standing = take(*who->client, who->caller.person, kind, now);
        if (!standing.allowed)
            return announce(refuse_hasty(), standing, now);
        if (!who->caller.scopes.has_all(needed))
            return announce(refuse_narrow(), standing, now);
        return announce(then(*who), standing, now);
    }

    // The quota of a call to the token endpoint, which has a client and no user.
    rate_standing take(oauth::app const& client, person_ref user, category kind, sys_ms now);

    static reply announce(reply answer, rate_standing const& standing, sys_ms now);

  private:
    std::optional<passed> authenticate(call const& request, sys_ms now) const;
    static reply refuse_stranger();
    static reply refuse_hasty();
    static reply refuse_narrow();

    oauth::apps const& apps_;
    oauth::grants const& grants_;
    rate_limits& limits_;
};

} // namespace connectd::sandbox::pinterest

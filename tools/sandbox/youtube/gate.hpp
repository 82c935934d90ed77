// Who may pass to the YouTube Data API: bearer tokens, scopes, people without a channel, and the quota of the
// project, which is counted by day and ends at midnight in California.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/rate_limits.hpp"

#include <memory>
#include <variant>

namespace connectd::sandbox::youtube {

// What a method asks for.
struct method_rule {
    oauth::scope_set any_of;
    std::uint32_t units;        // of the project's 10,000 a day
    bool uploads = false;       // counts against the 100 uploads a day instead
    bool needs_channel = false; // of the person
};

struct caller {
    std::shared_ptr<person const> who;
    oauth::access allowed;
    std::shared_ptr<oauth::app const> client; // null when the app is gone
};

class gate {
  public:
    // Requires: all references outlive this object.
    gate(people const& persons, oauth::apps const& registered, oauth::grants const& issued,
         rate_limits& limits)
        : people_{persons}, apps_{registered}, grants_{issued}, limits_{limits} {}

    // The caller, or the refusal. A request costs one unit however it ends.
    std::variant<caller, reply> enter(call const& request, method_rule const& rule, sys_ms now);

    // The rest of what the method costs, once the request was found right.
    std::optional<reply> charge(caller const& who, method_rule const& rule, sys_ms now);

  private:
    std::optional<reply> refuse_project(caller const& who) const;

    people const& people_;
    oauth::apps const& apps_;
    oauth::grants const& grants_;
    rate_limits& limits_;
};

} // namespace connectd::sandbox::youtube

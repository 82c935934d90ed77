// Who may pass to LinkedIn's API: bearer tokens, permissions, daily limits, and the quirk that a token can be
// refused in the seconds after it was issued.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/linkedin/scopes.hpp"
#include "tools/sandbox/oauth/grants.hpp"
#include "tools/sandbox/rate_limits.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace connectd::sandbox::linkedin {

// What is called, as messages name it ("posts.CREATE"), and what it takes.
struct resource {
    std::string_view name;
    std::uint32_t id;             // of its limits
    oauth::scope_set permissions; // any of them
    std::uint32_t member_limit;   // a day
};

class gate {
  public:
    // Requires: both outlive this object.
    gate(oauth::grants const& issued, rate_limits& limits) : grants_{issued}, limits_{limits} {}

    // The caller, or the refusal. `version` is part of the message: "20260701", "NO_VERSION".
    std::variant<oauth::access, reply> enter(call const& request, resource const& wanted,
                                             std::string_view version, sys_ms now);

    // The first so many calls with each token are refused as if the token had been revoked, while it is less
    // than a minute old (seen by many, 2014 to 2024). 0: none.
    void refuse_fresh_tokens(unsigned calls) noexcept { fresh_refusals_ = calls; }
    unsigned fresh_refusals() const noexcept { return fresh_refusals_; }

    void reset();

  private:
    bool still_too_fresh(std::string_view token, oauth::access const& caller, sys_ms now);

    oauth::grants const& grants_;
    rate_limits& limits_;
    std::atomic<unsigned> fresh_refusals_{0};
    std::mutex mutex_;
    std::unordered_map<std::string, unsigned> refused_; // how often, by token
};

} // namespace connectd::sandbox::linkedin

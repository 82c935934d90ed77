// What a pretend platform is to the wire that carries it: a name, rules from call to reply, and the shape of
// its errors for faults that answer in its name. The platforms (platform.hpp) and the control API are some.
//
// Threads: every function may be called from any thread, several at a time. None of them suspends or blocks
// for long.
#pragma once

#include "tools/sandbox/message.hpp"

#include <span>
#include <string_view>

namespace connectd::sandbox {

class personality {
  public:
    personality() = default;
    personality(personality const&) = delete;
    personality& operator=(personality const&) = delete;
    virtual ~personality() = default;

    // In static storage, as is every endpoint name.
    virtual std::string_view name() const noexcept = 0;

    // All names that `endpoint` gives.
    virtual std::span<std::string_view const> endpoints() const = 0;

    // The name by which faults and the journal know what is called; "other" for anything unknown. It looks
    // only at the request, not at whether it will succeed.
    virtual std::string_view endpoint(call const& request) const = 0;

    virtual reply answer(call const& request, sys_ms now) = 0;

    // An error of that status as the platform words it at that endpoint.
    virtual reply error(std::string_view endpoint, unsigned status, sys_ms now) const = 0;

    // A 200 of the endpoint's shape without any token in it.
    virtual reply success_without_token(std::string_view endpoint) const = 0;

    // Whether faults and the general latency apply, and whether the journal keeps its requests.
    virtual bool pretends() const noexcept { return true; }
};

} // namespace connectd::sandbox

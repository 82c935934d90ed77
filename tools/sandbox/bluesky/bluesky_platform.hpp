// The pretend Bluesky as a whole: entryway, PDS, appview and PLC directory behind one origin.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/bluesky/identity_methods.hpp"
#include "tools/sandbox/bluesky/records.hpp"
#include "tools/sandbox/bluesky/session_methods.hpp"
#include "tools/sandbox/personality.hpp"

namespace connectd::sandbox::bluesky {

struct bluesky_options {
    std::string public_url;
    std::size_t most_sessions = 200'000;
};

class bluesky_platform final : public personality {
  public:
    // Requires: both references outlive this object.
    bluesky_platform(people& persons, journal& events, bluesky_options const& options);

    std::string_view name() const noexcept override { return "bluesky"; }
    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;

    // What the control API works on.
    bluesky::sessions& sessions() { return sessions_; }
    bluesky::records& records() { return records_; }
    rate_limits& limits() { return limits_; }

  private:
    reply xrpc(std::string_view method, call const& request, sys_ms now);
    reply plain(call const& request) const;

    jwt_signer signer_;
    bluesky::sessions sessions_;
    rate_limits limits_;
    session_methods session_methods_;
    bluesky::records records_;
    identity_methods identity_methods_;
};

} // namespace connectd::sandbox::bluesky

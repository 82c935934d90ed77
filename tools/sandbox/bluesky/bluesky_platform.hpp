// The pretend Bluesky as a whole: entryway, PDS, appview and PLC directory behind one origin.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/bluesky/identity_methods.hpp"
#include "tools/sandbox/bluesky/records.hpp"
#include "tools/sandbox/bluesky/session_methods.hpp"
#include "tools/sandbox/platform.hpp"

namespace connectd::sandbox::bluesky {

class bluesky_platform final : public platform {
  public:
    explicit bluesky_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "bluesky"; }
    std::string_view title() const noexcept override { return "Bluesky"; }
    config_lines configuration() const override;
    std::span<control::route const> control_routes() const override;
    std::size_t end_by_user(person_ref who, std::string_view client_id, sys_ms now) override;
    void reset() override;
    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;

    // What the control API works on.
    bluesky::sessions& sessions() { return sessions_; }
    bluesky::records& records() { return records_; }

  private:
    reply xrpc(std::string_view method, call const& request, sys_ms now);
    reply plain(call const& request) const;

    std::string const url_;
    jwt_signer signer_;
    bluesky::sessions sessions_;
    session_methods session_methods_;
    bluesky::records records_;
    identity_methods identity_methods_;
};

} // namespace connectd::sandbox::bluesky

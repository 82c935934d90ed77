// The pretend X as a whole: which path belongs to which rule.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/personality.hpp"
#include "tools/sandbox/x/api.hpp"
#include "tools/sandbox/x/apps.hpp"
#include "tools/sandbox/x/authorization.hpp"
#include "tools/sandbox/x/token_endpoint.hpp"

namespace connectd::sandbox::x {

struct x_options {
    std::string public_url;
    std::string auto_approve; // a person's name, or empty
    std::size_t most_grants = 200'000;
};

class x_platform final : public personality {
  public:
    // Requires: both references outlive this object.
    x_platform(people& persons, journal& events, x_options options);

    std::string_view name() const noexcept override { return "x"; }
    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;

    // What the control API works on.
    x::apps& apps() { return apps_; }
    x::grants& grants() { return grants_; }
    x::posts& posts() { return posts_; }
    x::authorization& authorization() { return authorization_; }
    rate_limits& limits() { return limits_; }

  private:
    x::apps apps_;
    x::grants grants_;
    x::posts posts_;
    rate_limits limits_;
    x::authorization authorization_;
    token_endpoint token_endpoint_;
    api api_;
};

} // namespace connectd::sandbox::x

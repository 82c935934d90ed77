// One pretend Mastodon instance: which path belongs to which rule. Every instance is its own platform; this
// is the one that a user of "mastodon.sandbox.test" means.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/mastodon/api.hpp"
#include "tools/sandbox/mastodon/token_endpoint.hpp"
#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::mastodon {

class mastodon_platform final : public oauth::oauth_platform {
  public:
    explicit mastodon_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "mastodon"; }
    std::string_view title() const noexcept override { return "Mastodon"; }
    config_lines configuration() const override;
    std::span<std::string_view const> endpoints() const override;
    std::span<std::string_view const> switch_names() const override;
    std::span<std::string_view const> traits() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;
    void reset() override;

  private:
    reply get(call const& request, sys_ms now);
    reply post(call const& request, sys_ms now);

    token_endpoint token_endpoint_;
    api api_;
};

} // namespace connectd::sandbox::mastodon

// The pretend X as a whole: which path belongs to which rule.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"
#include "tools/sandbox/x/api.hpp"
#include "tools/sandbox/x/token_endpoint.hpp"

namespace connectd::sandbox::x {

class x_platform final : public oauth::oauth_platform {
  public:
    explicit x_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "x"; }
    std::string_view title() const noexcept override { return "X"; }
    config_lines configuration() const override;
    std::vector<oauth::app> first_apps(std::vector<std::string> redirect_uris) const override;
    std::vector<std::string_view> callback_names() const override { return {"x", "twitter"}; }
    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;

  private:
    token_endpoint token_endpoint_;
    api api_;
};

} // namespace connectd::sandbox::x

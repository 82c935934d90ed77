// The pretend LinkedIn as a whole: which path belongs to which rule. www.linkedin.com and api.linkedin.com
// are one origin here.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/linkedin/organization_api.hpp"
#include "tools/sandbox/linkedin/post_api.hpp"
#include "tools/sandbox/linkedin/token_endpoint.hpp"
#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::linkedin {

class linkedin_platform final : public oauth::oauth_platform {
  public:
    explicit linkedin_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "linkedin"; }
    std::string_view title() const noexcept override { return "LinkedIn"; }
    config_lines configuration() const override;
    std::span<control::route const> control_routes() const override;
    std::vector<oauth::app> first_apps(std::vector<std::string> redirect_uris) const override;
    void reset() override;

    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;

    // What the control API works on.
    linkedin::organizations& organizations() noexcept { return organizations_; }
    linkedin::gate& gate() noexcept { return gate_; }

    // The app that LinkedIn approved as a partner: it gets refresh tokens.
    static constexpr std::string_view partner_client_id = "sandbox-partner-app";
    static constexpr std::string_view partner_client_secret = "sandbox-partner-secret";

  private:
    reply identity(call const& request, sys_ms now);
    reply pages(call const& request, sys_ms now);

    linkedin::organizations organizations_;
    linkedin::gate gate_;
    members members_;
    token_endpoint token_endpoint_;
    organization_api organization_api_;
    post_api post_api_;
};

} // namespace connectd::sandbox::linkedin

// The pretend TikTok as a whole: which path belongs to which rule. Paths end in a slash, as TikTok's do.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"
#include "tools/sandbox/tiktok/api.hpp"
#include "tools/sandbox/tiktok/publishing.hpp"
#include "tools/sandbox/tiktok/token_endpoint.hpp"

namespace connectd::sandbox::tiktok {

class tiktok_platform final : public oauth::oauth_platform {
  public:
    explicit tiktok_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "tiktok"; }
    std::string_view title() const noexcept override { return "TikTok"; }
    config_lines configuration() const override;
    std::vector<oauth::app> first_apps(std::vector<std::string> redirect_uris) const override;
    std::span<std::string_view const> endpoints() const override;
    std::span<std::string_view const> switch_names() const override;
    std::span<std::string_view const> traits() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;
    void reset() override;

  private:
    reply get(call const& request, std::string_view what, sys_ms now);
    reply post(call const& request, std::string_view what, sys_ms now);

    token_endpoint token_endpoint_;
    gate gate_;
    api api_;
    publishing publishing_;
};

} // namespace connectd::sandbox::tiktok

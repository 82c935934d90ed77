// The pretend YouTube as a whole, with the Google behind it: which path belongs to which rule.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"
#include "tools/sandbox/youtube/api.hpp"
#include "tools/sandbox/youtube/token_endpoint.hpp"
#include "tools/sandbox/youtube/uploads.hpp"

namespace connectd::sandbox::youtube {

class youtube_platform final : public oauth::oauth_platform {
  public:
    explicit youtube_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "youtube"; }
    std::string_view title() const noexcept override { return "YouTube"; }
    config_lines configuration() const override;
    std::span<std::string_view const> traits() const override;
    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;
    void reset() override;

  private:
    reply authorize(call const& request, sys_ms now);
    reply userinfo(call const& request, sys_ms now) const;
    reply answer_post(call const& request, sys_ms now);
    reply answer_get(call const& request, sys_ms now);

    token_endpoint token_endpoint_;
    gate gate_;
    api api_;
    uploads uploads_;
};

} // namespace connectd::sandbox::youtube

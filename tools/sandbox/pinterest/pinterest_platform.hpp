// The pretend Pinterest as a whole: which path belongs to which rule. www.pinterest.com and api.pinterest.com
// are one origin here.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"
#include "tools/sandbox/pinterest/account.hpp"
#include "tools/sandbox/pinterest/board_api.hpp"
#include "tools/sandbox/pinterest/token_endpoint.hpp"

namespace connectd::sandbox::pinterest {

class pinterest_platform final : public oauth::oauth_platform {
  public:
    explicit pinterest_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "pinterest"; }
    std::string_view title() const noexcept override { return "Pinterest"; }
    config_lines configuration() const override;
    std::span<std::string_view const> traits() const override;
    std::span<std::string_view const> switch_names() const override;
    void reset() override;

    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;

  private:
    reply dispatch(call const& request, sys_ms now);

    boards boards_;
    gate gate_;
    account account_;
    board_api board_api_;
    token_endpoint token_endpoint_;
};

} // namespace connectd::sandbox::pinterest

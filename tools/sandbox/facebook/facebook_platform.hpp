// The pretend Facebook as a whole: which path belongs to which rule. To connectd it is two platforms, pages
// and the Instagram accounts that are linked to them.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/facebook/api.hpp"
#include "tools/sandbox/facebook/token_endpoint.hpp"
#include "tools/sandbox/graph/graph_platform.hpp"

namespace connectd::sandbox::facebook {

class facebook_platform final : public graph::graph_platform {
  public:
    explicit facebook_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "facebook"; }
    std::string_view title() const noexcept override { return "Facebook"; }
    config_lines configuration() const override;
    std::vector<config_table> configuration_tables() const override;
    std::vector<std::string_view> callback_names() const override {
        return {"facebook", "instagram-facebook"};
    }
    std::span<control::route const> control_routes() const override;
    std::span<std::string_view const> traits() const override;
    std::span<std::string_view const> switch_names() const override;
    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    void reset() override;

  private:
    reply dialog(call const& request, sys_ms now);

    token_endpoint token_endpoint_;
    api api_;
};

} // namespace connectd::sandbox::facebook

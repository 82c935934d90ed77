// The pretend Instagram with Instagram Login. Three hosts of the real one are one origin here, and their
// paths tell them apart: www.instagram.com has the login, api.instagram.com the codes, graph.instagram.com
// the rest.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/extending_tokens.hpp"
#include "tools/sandbox/graph/graph_platform.hpp"
#include "tools/sandbox/graph/instagram_publishing.hpp"

namespace connectd::sandbox::instagram {

class instagram_platform final : public graph::graph_platform {
  public:
    explicit instagram_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "instagram"; }
    std::string_view title() const noexcept override { return "Instagram"; }
    config_lines configuration() const override;
    std::span<control::route const> control_routes() const override;
    std::span<std::string_view const> traits() const override;
    std::span<std::string_view const> switch_names() const override;
    std::span<std::string_view const> endpoints() const override;
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    void reset() override;

  private:
    reply api(graph::graph_call const& asked);
    reply account(graph::graph_call const& asked, graph::caller const& by);
    boost::json::object code_reply(oauth::tokens const& issued, oauth::app const& client, person const& who);

    graph::extending_tokens tokens_;
    graph::instagram_publishing publishing_;
};

} // namespace connectd::sandbox::instagram

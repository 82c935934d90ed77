// The pretend Threads. The login's host and the API's are one origin here; threads.net and threads.com are
// not told apart. The API is v1.0 and no other version.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/extending_tokens.hpp"
#include "tools/sandbox/graph/graph_platform.hpp"
#include "tools/sandbox/threads/profile_api.hpp"

namespace connectd::sandbox::threads {

class threads_platform final : public graph::graph_platform {
  public:
    explicit threads_platform(platform_parts const& parts);

    std::string_view name() const noexcept override { return "threads"; }
    std::string_view title() const noexcept override { return "Threads"; }
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
    reply token(call const& request, sys_ms now);
    reply debug_token(graph::graph_call const& asked);
    boost::json::object code_reply(oauth::tokens const& issued, oauth::app const& client, person const& who);

    graph::extending_tokens tokens_;
    profile_api api_;
};

} // namespace connectd::sandbox::threads

// What the pretend Facebook, Instagram and Threads have in common: the door of their API, scripted troubles,
// pictures, the envelope of their errors, and the control routes for all that.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/gate.hpp"
#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::graph {

class graph_platform : public oauth::oauth_platform {
  public:
    graph_platform(oauth::oauth_rules rules, platform_parts const& parts, std::string_view method_exception,
                   std::string_view use_case, std::string (*account_of)(person const& who) = nullptr);

    graph::gate& gate() noexcept { return gate_; }
    troubles& scripted() noexcept { return gate_.scripted(); }

    void reset() override;
    // At the endpoints that answer in another shape the personality words its own.
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;

  protected:
    // The URL of somebody's picture, and what is there.
    static constexpr std::string_view picture_folder = "/pictures/";
    reply picture(call const& request) const;

    // The parameters of a call to the API, or the refusal of a malformed one.
    std::variant<graph_call, reply> read_call(call const& request, std::string_view path, sys_ms now) const;

  private:
    graph::gate gate_;
};

} // namespace connectd::sandbox::graph

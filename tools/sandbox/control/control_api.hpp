// The control API: how a test or a person moves the clock, makes apps, people and app passwords, looks at
// what was issued and what arrived, takes access back as a user would, and scripts faults. JSON in, JSON out;
// README.md has it with curl lines.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/control/parts.hpp"
#include "tools/sandbox/personality.hpp"

#include <string_view>

namespace connectd::sandbox::control {

class control_api final : public personality {
  public:
    explicit control_api(parts controlled) : parts_{std::move(controlled)} {}

    std::string_view name() const noexcept override { return "control"; }
    std::span<std::string_view const> endpoints() const override { return {}; }
    std::string_view endpoint(call const& request) const override;
    reply answer(call const& request, sys_ms now) override;
    reply error(std::string_view endpoint, unsigned status, sys_ms now) const override;
    reply success_without_token(std::string_view endpoint) const override;
    bool pretends() const noexcept override { return false; }

    parts const& controlled() const noexcept { return parts_; }

  private:
    parts parts_;
};

} // namespace connectd::sandbox::control

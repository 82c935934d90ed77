// The sandbox's time: real time plus an offset that tests push forward. It never goes back and never stands
// still, so codes and tokens expire as they would in the world, only sooner when asked.
//
// Threads: any thread may call anything.
#pragma once

#include "server/runtime/clock.hpp"

#include <atomic>
#include <cstdint>

namespace connectd::sandbox {

class sandbox_clock final : public server::runtime::clock {
  public:
    // Requires: `real` outlives this object.
    explicit sandbox_clock(server::runtime::clock const& real) : real_{real} {}

    server::runtime::sys_ms now() const noexcept override { return real_.now() + offset(); }

    std::chrono::milliseconds offset() const noexcept {
        return std::chrono::milliseconds{offset_.load(std::memory_order_relaxed)};
    }

    // False, and nothing moved, when that would go back or more than a hundred years ahead of real time.
    bool advance(std::chrono::milliseconds by) noexcept;
    bool move_to(server::runtime::sys_ms time) noexcept { return advance(time - now()); }

  private:
    server::runtime::clock const& real_;
    std::atomic<std::int64_t> offset_{0};
};

} // namespace connectd::sandbox

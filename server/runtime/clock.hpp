#pragma once

// The one place that reads a clock. Business time (what is stored and shown) comes from a `clock`, which
// tests replace; everything else gets it as an argument. Deadlines are points of the steady clock and always
// real, because timers are. Every function may be called from any thread.

#include <atomic>
#include <chrono>
#include <cstdint>

namespace connectd::server::runtime {

using sys_ms = std::chrono::sys_time<std::chrono::milliseconds>;

class clock {
  public:
    clock() = default;
    clock(clock const&) = delete;
    clock& operator=(clock const&) = delete;
    virtual ~clock() = default;

    virtual sys_ms now() const noexcept = 0;
};

class system_clock final : public clock {
  public:
    sys_ms now() const noexcept override;
};

// Stands still until it is moved.
class manual_clock final : public clock {
  public:
    explicit manual_clock(sys_ms start) noexcept : now_{start.time_since_epoch().count()} {}

    sys_ms now() const noexcept override {
        return sys_ms{std::chrono::milliseconds{now_.load(std::memory_order_relaxed)}};
    }

    void set(sys_ms time) noexcept { now_.store(time.time_since_epoch().count(), std::memory_order_relaxed); }

    void advance(std::chrono::milliseconds by) noexcept {
        now_.fetch_add(by.count(), std::memory_order_relaxed);
    }

  private:
    std::atomic<std::int64_t> now_;
};

// The base of every deadline.
std::chrono::steady_clock::time_point steady_now() noexcept;

// The deadline that lies `span` ahead; a span too long for the clock gives the latest point there is.
std::chrono::steady_clock::time_point deadline_in(std::chrono::steady_clock::duration span) noexcept;

} // namespace connectd::server::runtime

// Whether a platform may be called, as its latest answers suggest: a circuit breaker, and after it the slow
// return to full speed.
//
//   closed     calls go, as many at once as `allowed` says
//   open       after `failures` in a row nothing goes for a while, each time longer
//   half open  one call goes, to see; its answer closes or opens again
//
// Pure, time is an argument. Belongs to one thread.
#pragma once

#include "server/runtime/clock.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace connectd::server::services::refresh {

class breaker {
  public:
    struct limits {
        std::size_t failures = 5; // in a row
        std::chrono::milliseconds first_pause = std::chrono::seconds{30};
        std::chrono::milliseconds longest_pause = std::chrono::minutes{5};
        std::size_t at_once = 32;
    };

    explicit breaker(limits chosen) noexcept : limits_{chosen}, allowed_{chosen.at_once} {}

    // How many calls may run at once at this moment. Right after a recovery it is one, and it grows by one
    // with every round of good answers, so that what piled up does not fall on a platform just back on its
    // feet.
    std::size_t allowed(runtime::sys_ms now) const noexcept;

    // The platform answered, whatever it said.
    void answered() noexcept;

    // It did not: no connection, no answer in time, or an error of its own.
    void failed(runtime::sys_ms now) noexcept;

    bool closed() const noexcept { return !open_until_; }

  private:
    limits limits_;
    std::size_t allowed_;
    std::size_t failures_ = 0;
    std::size_t good_in_round_ = 0;
    std::chrono::milliseconds pause_{0};
    std::optional<runtime::sys_ms> open_until_;
};

} // namespace connectd::server::services::refresh

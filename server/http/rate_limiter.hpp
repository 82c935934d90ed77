#pragma once

// How many requests each of many callers may make: a bucket of `quota` that fills up again within `window`,
// so that a caller can make a burst of them and then one every window / quota.
//
// Safe from all threads. Remembers nobody whose bucket is full, and no more than `most_callers`: beyond it
// the fullest are forgotten, which is as if they had waited.

#include "server/runtime/clock.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace connectd::server::http {

class rate_limiter {
  public:
    struct limit {
        std::size_t quota = 0; // 0: nobody is limited
        std::chrono::milliseconds window{60'000};
    };
    static constexpr std::size_t most_callers = 100'000;

    explicit rate_limiter(limit chosen) noexcept : limit_{chosen} {}

    struct standing {
        bool allowed = true;
        std::size_t remaining = 0;
        std::chrono::milliseconds until_next{0}; // one more may be made, when none remains
        std::chrono::milliseconds until_full{0};
    };
    // Takes one request from the caller's bucket, if there is one in it.
    standing take(std::string const& caller, std::chrono::steady_clock::time_point now);

    bool on() const noexcept { return limit_.quota > 0; }
    limit const& chosen() const noexcept { return limit_; }

  private:
    void make_room(std::chrono::steady_clock::time_point now);

    limit const limit_;
    std::mutex mutex_;
    // When the bucket is full again, which says all about it (the generic cell rate algorithm).
    std::unordered_map<std::string, std::chrono::steady_clock::time_point> full_at_;
};

} // namespace connectd::server::http

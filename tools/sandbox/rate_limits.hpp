// Counting windows as both platforms announce them: so many points for one subject in a window of fixed
// length, aligned to the sandbox's clock. Limits can be announced without being enforced, which is what load
// generators need.
//
// Threads: any thread; one short mutex.
#pragma once

#include "tools/sandbox/message.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace connectd::sandbox {

struct rate_limit {
    std::uint32_t id; // tells the limits of one object apart
    std::uint32_t points;
    std::chrono::seconds window;
};

struct rate_standing {
    bool allowed = true;
    std::uint32_t limit = 0;
    std::uint32_t remaining = 0;
    std::int64_t reset = 0; // Unix seconds
};

class rate_limits {
  public:
    // Takes `cost` points for the subject, or none when they are not there.
    rate_standing take(rate_limit const& limit, std::uint64_t subject, sys_ms now, std::uint32_t cost = 1);

    // Switching it off also forgets what was counted.
    void enforce(bool on);
    bool enforced() const noexcept { return enforced_.load(std::memory_order_relaxed); }
    void clear();

  private:
    struct window {
        std::int64_t number = 0;
        std::unordered_map<std::uint64_t, std::uint32_t> spent;
    };

    std::atomic<bool> enforced_{true};
    std::mutex mutex_;
    std::unordered_map<std::uint32_t, window> windows_;
};

// A number that stands for a text, for subjects that have no number.
std::uint64_t subject_of(std::string_view text) noexcept;

} // namespace connectd::sandbox

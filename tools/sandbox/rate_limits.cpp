#include "tools/sandbox/rate_limits.hpp"

#include "tools/sandbox/time_text.hpp"

#include <functional>

namespace connectd::sandbox {

rate_standing rate_limits::take(rate_limit const& limit, std::uint64_t subject, sys_ms now,
                                std::uint32_t cost) {
    auto const number = unix_seconds(now) / limit.window.count();
    rate_standing standing{true, limit.points, limit.points, (number + 1) * limit.window.count()};
    if (!enforced())
        return standing;

    std::lock_guard const lock{mutex_};
    auto& current = windows_[limit.id];
    if (current.number != number) {
        current.number = number;
        current.spent.clear();
    }
    auto& spent = current.spent[subject];
    standing.allowed = spent + cost <= limit.points;
    if (standing.allowed)
        spent += cost;
    standing.remaining = limit.points - spent;
    return standing;
}

void rate_limits::enforce(bool on) {
    enforced_.store(on, std::memory_order_relaxed);
    if (!on)
        clear();
}

void rate_limits::clear() {
    std::lock_guard const lock{mutex_};
    windows_.clear();
}

std::uint64_t subject_of(std::string_view text) noexcept {
    return std::hash<std::string_view>{}(text);
}

} // namespace connectd::sandbox

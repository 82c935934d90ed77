#include "tools/sandbox/clock.hpp"

namespace connectd::sandbox {

bool sandbox_clock::advance(std::chrono::milliseconds by) noexcept {
    constexpr std::chrono::milliseconds furthest = std::chrono::years{100};
    auto before = offset_.load(std::memory_order_relaxed);
    do {
        if (by.count() < 0 || by > furthest || before + by.count() > furthest.count())
            return false;
    } while (!offset_.compare_exchange_weak(before, before + by.count(), std::memory_order_relaxed));
    return true;
}

} // namespace connectd::sandbox

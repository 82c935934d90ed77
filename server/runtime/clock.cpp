#include "server/runtime/clock.hpp"

namespace connectd::server::runtime {

sys_ms system_clock::now() const noexcept {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point steady_now() noexcept {
    return std::chrono::steady_clock::now();
}

std::chrono::steady_clock::time_point deadline_in(std::chrono::steady_clock::duration span) noexcept {
    auto const now = steady_now();
    auto const latest = std::chrono::steady_clock::time_point::max();
    return span > latest - now ? latest : now + span;
}

} // namespace connectd::server::runtime

#include "server/services/webhooks/retry_schedule.hpp"

#include <algorithm>
#include <array>

namespace connectd::server::services::webhooks {
namespace {

using namespace std::chrono_literals;

// The last one repeats.
constexpr std::array<std::chrono::milliseconds, 9> pauses{5s, 30s, 2min, 10min, 30min, 1h, 2h, 4h, 8h};

} // namespace

std::optional<std::chrono::milliseconds> next_pause(std::uint32_t failures,
                                                    std::chrono::milliseconds failing_for,
                                                    std::optional<std::chrono::seconds> retry_after,
                                                    double chance) {
    if (failing_for >= patience) {
        return std::nullopt;
    }
    auto const step = std::clamp<std::size_t>(failures, 1, pauses.size()) - 1;
    auto const spread = static_cast<double>(pauses[step].count()) * (0.8 + 0.4 * chance);
    std::chrono::milliseconds pause{static_cast<std::int64_t>(spread)};
    if (retry_after) {
        pause = std::max<std::chrono::milliseconds>(pause, *retry_after);
    }
    return std::min(pause, patience - failing_for); // the last attempt comes at the end
}

} // namespace connectd::server::services::webhooks

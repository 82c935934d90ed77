#include "server/http/rate_limiter.hpp"

#include <algorithm>

namespace connectd::server::http {
namespace {

using std::chrono::steady_clock;

std::chrono::milliseconds whole(steady_clock::duration span) {
    return std::chrono::ceil<std::chrono::milliseconds>(std::max(span, steady_clock::duration::zero()));
}

} // namespace

rate_limiter::standing rate_limiter::take(std::string const& caller, steady_clock::time_point now) {
    steady_clock::duration const window = limit_.window;
    auto const each = std::max<steady_clock::duration>(window / static_cast<std::int64_t>(limit_.quota),
                                                       steady_clock::duration{1});
    std::lock_guard const lock{mutex_};
    if (full_at_.size() >= most_callers && !full_at_.contains(caller)) {
        make_room(now);
    }
    auto& full_at = full_at_[caller];
    auto const from = std::max(full_at, now);
    auto const after = from + each - now; // what would be missing in the bucket
    if (after > window) {
        return {.allowed = false,
                .remaining = 0,
                .until_next = whole(after - window),
                .until_full = whole(from - now)};
    }
    full_at = from + each;
    return {.allowed = true,
            .remaining = static_cast<std::size_t>((window - after) / each),
            .until_next = whole(after + each - window),
            .until_full = whole(after)};
}

void rate_limiter::make_room(steady_clock::time_point now) {
    std::erase_if(full_at_, [&](auto const& each) { return each.second <= now; });
    while (full_at_.size() >= most_callers) {
        full_at_.erase(std::ranges::min_element(full_at_, {}, [](auto const& each) { return each.second; }));
    }
}

} // namespace connectd::server::http

#include "server/services/refresh/retry.hpp"

#include <algorithm>

namespace connectd::server::services::refresh {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds soon = std::chrono::seconds{5};

milliseconds doubled(milliseconds first, milliseconds longest, std::uint32_t in_a_row) {
    auto const times = std::min(in_a_row == 0 ? 0U : in_a_row - 1, 16U);
    return std::min(first * (std::int64_t{1} << times), longest);
}

milliseconds unknown_pause(failed_attempt const& last) {
    if (last.first_unknown) {
        return soon;
    }
    auto const usual = doubled(std::chrono::seconds{30}, std::chrono::hours{1}, last.in_a_row);
    // Three of these, each made up to half longer, still fit into the grace.
    return last.grace_left > soon ? std::clamp(last.grace_left / 5, soon, std::max(usual, soon)) : usual;
}

milliseconds usual_pause(failed_attempt const& last) {
    switch (last.what) {
    case platforms::verdict::operator_fault:
    case platforms::verdict::refused:
        return doubled(std::chrono::minutes{15}, std::chrono::hours{6}, last.in_a_row);
    case platforms::verdict::unknown_outcome:
        return unknown_pause(last);
    case platforms::verdict::temporary:
        break;
    }
    return doubled(std::chrono::seconds{30}, std::chrono::hours{1}, last.in_a_row);
}

} // namespace

milliseconds pause_after(failed_attempt const& last, double chance) {
    auto const pause =
        std::max<milliseconds>(usual_pause(last), last.retry_after.value_or(std::chrono::seconds{0}));
    return pause +
           milliseconds{static_cast<milliseconds::rep>(static_cast<double>(pause.count()) / 2 * chance)};
}

} // namespace connectd::server::services::refresh

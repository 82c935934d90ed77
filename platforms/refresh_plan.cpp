#include "platforms/refresh_plan.hpp"

#include <algorithm>

namespace connectd::platforms {
namespace {

// By how much a refresh must be able to lengthen an access token; the two ends of one answer differ by less.
constexpr std::chrono::minutes least_gain{1};

std::optional<sys_ms> expiry(std::optional<std::chrono::sys_seconds> at,
                             std::optional<std::chrono::seconds> said,
                             std::optional<std::chrono::seconds> usual, sys_ms now) {
    if (at) {
        return *at;
    }
    if (said) {
        return now + *said;
    }
    if (usual) {
        return now + *usual;
    }
    return std::nullopt;
}

// The lead time and its jitter before `end`, but never before half of the time that is left.
sys_ms before_end(sys_ms end, std::chrono::milliseconds lead, sys_ms now, double jitter) {
    auto const left = std::max(end - now, std::chrono::milliseconds{0});
    auto const spread = std::chrono::milliseconds{
        static_cast<std::chrono::milliseconds::rep>(static_cast<double>(lead.count()) / 2 * jitter)};
    return std::max(end - lead - spread, now + left / 2);
}

} // namespace

std::optional<sys_ms> access_expiry(descriptor const& platform, token_set const& tokens, sys_ms now) {
    return expiry(tokens.expires_at, tokens.expires_in, platform.refresh.access_lifetime, now);
}

std::optional<sys_ms> refresh_expiry(descriptor const& platform, token_set const& tokens, sys_ms now) {
    if (!tokens.refresh_token) {
        return std::nullopt;
    }
    return expiry(tokens.refresh_expires_at, tokens.refresh_expires_in, platform.refresh.refresh_lifetime,
                  now);
}

std::optional<sys_ms> first_refresh(descriptor const& platform, token_set const& tokens, sys_ms now,
                                    double jitter) {
    auto const& rules = platform.refresh;
    switch (rules.model) {
    case refresh_model::relogin:
    case refresh_model::none:
        return std::nullopt;
    case refresh_model::rotating:
    case refresh_model::static_token:
        if (!tokens.refresh_token) {
            return std::nullopt;
        }
        break;
    case refresh_model::extend:
        break;
    }
    auto const access_end = access_expiry(platform, tokens, now);
    auto const refresh_end = refresh_expiry(platform, tokens, now);
    bool const fixed_end = rules.model == refresh_model::static_token && refresh_end;
    if (fixed_end && access_end && *access_end + least_gain > *refresh_end) {
        return std::nullopt; // no refresh makes it live longer
    }
    std::optional<sys_ms> due;
    auto const at_the_latest = [&](sys_ms moment) { due = due ? std::min(*due, moment) : moment; };
    if (access_end) {
        at_the_latest(before_end(*access_end, rules.lead_time, now, jitter));
    }
    // Once a fixed end is near, each further refresh for its sake would only halve the time to it.
    if (refresh_end && (!fixed_end || *refresh_end - rules.lead_time > now)) {
        at_the_latest(before_end(*refresh_end, rules.lead_time, now, jitter));
    }
    if (rules.idle_limit) {
        at_the_latest(before_end(now + *rules.idle_limit, rules.lead_time, now, jitter));
    }
    if (!due) {
        return std::nullopt;
    }
    return std::max(*due, now + rules.minimum_age);
}

} // namespace connectd::platforms
